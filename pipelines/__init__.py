"""Dagster, thin: assets, checks, schedule and resources around the transforms, and the ``etappmal`` command.

Orchestration belongs here: ``intake`` takes in, ``transforms`` computes, ``storage`` keeps, ``assets`` make a table
each of it, within ``runs`` that ``commands``, schedule and sensors begin; ``loads`` of whole countries, ``plans`` and
``operations`` stand beside. What may be published stands in ``contracts``, where figures come from in ``sources``.
"""
