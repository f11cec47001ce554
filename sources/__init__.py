"""What comes in: the goal register, the municipality's own extracts, Kolada and SCB.

Reading and refusing belong here. What a table must look like stands in ``contracts``; what is
worked out of the figures in ``pipelines.transforms``.
"""
