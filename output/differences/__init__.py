"""The difference between a release and the one before: what changed, and why a status flipped.

Here belongs what is found and how it stands as data. How it is shown stands in ``pages`` and ``feed``.
"""
