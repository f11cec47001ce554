"""The municipality's own files: CSV and XLSX as its systems write them, read to typed frames.

Reading and refusing a file belong here. Which files there are, and how each is written, stands in
the plan; what their columns must hold, in ``contracts``.
"""

from sources.extracts.reading import Extract, ExtractFile, read_extract, resolve

__all__ = ["Extract", "ExtractFile", "read_extract", "resolve"]
