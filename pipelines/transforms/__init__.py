"""Pure functions of frames: statuses, follow-up, comparisons, control of figures.

A transform gets collected frames and gives a frame with the columns of one contract. It knows
nothing of Dagster, of files or of the clock.
"""
