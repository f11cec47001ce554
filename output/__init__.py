"""What goes out: the published tables as files, as one generation of the public folder.

Writing and serving belong here. What may be published is declared in ``contracts``; when it
happens is decided in ``pipelines``.
"""
