"""The commands, by what they are about: one module for each part of the day.

Here belong words, flags and what is printed. What a command does stands in the module of its name
in ``pipelines``, ``sources`` or ``output``; it is imported only when the command is run, so that
``--help`` and ``status`` answer at once. A new command is added to ``pipelines.cli.COMMANDS``.
"""
