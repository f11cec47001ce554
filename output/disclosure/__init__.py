"""Disclosure: what is left blank before anything is written, and whatever would reveal it.

    gate          the one function that a publication calls before it writes anything
    small_counts  counts of persons under the threshold of their table
    counted       a table that counts persons, as cells
    relations     how the cells of a table hang together, and with those of others
    protection    which further cells must be blank, so that none can be worked out
    persons       figures that count persons by the unit of their row
    shares        shares of persons, which tell the persons
    mentions      rows that tell of a figure in another table

Here belongs what is withheld. What a column is, and what counts persons, is declared in ``contracts``.
"""
