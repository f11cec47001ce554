"""Plans: beginning one, holding it to what a refresh asks, and what a person accepts or approves in it.

Here belongs the work of whoever keeps a plan. How its folder is read stands in ``sources.plan``.
"""
