"""What is kept: the warehouse, where it lies, what was released before, and the backup of it all.

Here belongs reading and writing of tables. What a table is stands in ``contracts``, who writes it in ``assets``.
"""
