"""A publication: what it would do, built beside the current one, checked whole, and switched in by one rename.

    planning     what a publication would do to what readers see now
    generation   one publication from tables to the switch
    building     a generation as files
    releases     one folder for each time the content changed
    manifest     what a folder holds, with checksums
    links        whether every link inside leads somewhere
    wholeness    whether a generation is whole
    folder       the link that one rename switches
    standing     what readers see now
    withdrawing  a release taken back

Here belongs what stands in the public folder and when. What a file looks like stands in ``formats`` and ``pages``.
"""
