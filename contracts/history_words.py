"""Closed vocabularies of the history of goals: how one came into a report, and how it goes on.

Here belong the words; which of them applies is told in ``pipelines.transforms.goal_history``.
"""

from contracts.vocabulary import Word


class Tracked(Word):
    """What is followed from report to report."""

    GOAL = "namndmal", "Ett nämndmål.", "A committee goal."
    INDICATOR = "indikator", "En indikator med sitt etappmål.", "An indicator with its milestone."


class Beginning(Word):
    """How a goal or an indicator came into its report, against the report of the same kind before."""

    FIRST = "forsta", "Rapporten är den första som finns här.", "The report is the first that there is here."
    NEW = "ny", "Fanns inte i rapporten före.", "Was not in the report before."
    UNCHANGED = "oforandrad", "Som i rapporten före.", "As in the report before."
    OTHER_BOUND = "nytt_etappmal", "Etappmålet eller målvärdet är ett annat.", "Its milestone or target is another."
    RENAMED = "omdopt", "Har fått ett annat namn eller id.", "Has another name or id."
    SPLIT = "delad", "En av flera som har kommit ur samma.", "One of several that came of the same."
    MERGED = "sammanslagen", "Har kommit ur flera.", "Came of several."


class Continuation(Word):
    """How a goal or an indicator goes on in the next report of the same kind."""

    GOES_ON = "fortsatter", "Finns kvar i nästa rapport.", "Stands in the next report."
    RENAMED = "omdops", "Får ett annat namn eller id.", "Gets another name or id."
    SPLIT = "delas", "Blir flera.", "Becomes several."
    MERGED = "slas_ihop", "Slås ihop med andra.", "Is merged with others."
    ENDS = "upphor", "Finns inte i nästa rapport.", "Is not in the next report."
