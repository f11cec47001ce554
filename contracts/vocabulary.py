"""Closed vocabularies: the only words that a status, grade or kind of row may hold.

Here belongs each word list that is published, with its prose in Swedish and English. Rules that
decide which word applies do not: they live in ``pipelines.transforms``.
"""

from enum import StrEnum
from typing import NamedTuple, Self


class Text(NamedTuple):
    """A text for people, in the two languages of the project."""

    sv: str
    en: str

    @property
    def by_language(self) -> dict[str, str]:
        """The text by the code of its language."""
        return {"sv": self.sv, "en": self.en}


class Word(StrEnum):
    """A word of a closed vocabulary: its published value with a sentence in each language."""

    text: Text

    def __new__(cls, value: str, sv: str, en: str) -> Self:
        """Make a word that is its own value."""
        word = str.__new__(cls, value)
        word._value_ = value
        word.text = Text(sv, en)
        return word


class Grade(Word):
    """How far a committee goal, or a report as a whole, is fulfilled. Ordered from best to worst."""

    VERY_HIGH = (
        "I mycket hög grad uppfyllt",
        "Enligt regeln: alla bedömbara etappmål nåddes.",
        "By the rule: all assessable milestones were reached.",
    )
    HIGH = (
        "I hög grad uppfyllt",
        "Enligt regeln: minst hälften av de bedömbara etappmålen nåddes.",
        "By the rule: at least half were reached.",
    )
    PARTLY = (
        "Delvis uppfyllt",
        "Enligt regeln: något etappmål nåddes, men färre än hälften.",
        "By the rule: some, but fewer than half, were reached.",
    )
    NOT = "Ej uppfyllt", "Enligt regeln: inget etappmål nåddes.", "By the rule: no milestone was reached."
    NOT_ASSESSABLE = (
        "Kan ej bedömas",
        "Enligt regeln: inget etappmål kan bedömas.",
        "By the rule: no milestone can be assessed.",
    )


class MilestoneStatus(Word):
    """How an outcome stands against its milestone."""

    REACHED = "uppnatt", "Etappmålet är uppnått.", "The milestone is reached."
    NOT_REACHED = "ej_uppnatt", "Etappmålet är inte uppnått.", "The milestone is not reached."
    TIE = (
        "gransfall",
        "Utfallet är lika med ett etappmål som ska över- eller underskridas.",
        "The outcome equals a bound that has to be exceeded or undercut.",
    )
    NOT_ASSESSABLE = "kan_ej_bedomas", "Etappmålet kan inte bedömas.", "The milestone cannot be assessed."


class ReportedStatus(Word):
    """What a report itself says of an indicator."""

    REACHED = "uppnatt", "Rapporten säger att etappmålet är uppnått.", "The report says that it is reached."
    NOT_REACHED = "ej_uppnatt", "Rapporten säger att etappmålet inte är uppnått.", "The report says that it is not."
    UNSTATED = "ej_angivet", "Rapporten säger inget om just den indikatorn.", "The report does not say."


class Reason(Word):
    """Why a value is missing or a milestone cannot be assessed."""

    NOT_PUBLISHED = "ej_publicerat", "Källan har inte publicerat värdet.", "The source has not published the value."
    SECRET = "sekretess", "Värdet är skyddat av sekretess.", "The value is withheld for secrecy."
    DROPOUT = "bortfall", "Värdet saknas i källan.", "The value is missing in the source."
    NOT_APPLICABLE = "ej_tillampligt", "Värdet är inte tillämpligt här.", "The value does not apply here."
    BROKEN_METHOD = "metodbrott", "Mätmetoden har ändrats.", "The method of measurement has changed."
    QUARANTINED = (
        "i_karantan",
        "Värdet bröt mot en regel och är i karantän.",
        "The value broke a rule and is quarantined.",
    )
    NO_MILESTONE = "mal_saknas", "Etappmål saknas.", "There is no milestone."
    SMALL = (
        "skyddad_smatal",
        "Värdet skyddas: det räknar få personer, eller skulle avslöja ett värde som gör det.",
        "The value is withheld: it counts few persons, or would reveal one that does.",
    )


class Direction(Word):
    """Which way an indicator improves."""

    HIGHER = "hogre_ar_battre", "Högre är bättre.", "Higher is better."
    LOWER = "lagre_ar_battre", "Lägre är bättre.", "Lower is better."


class Operator(Word):
    """How an outcome is held against a bound."""

    AT_LEAST = ">=", "minst", "at least"
    MORE_THAN = ">", "mer än", "more than"
    AT_MOST = "<=", "högst", "at most"
    LESS_THAN = "<", "mindre än", "less than"
    EQUAL = "=", "exakt", "exactly"


class Trend(Word):
    """The outcome against the year before, read in the indicator's direction."""

    BETTER = "battre", "Bättre än året före.", "Better than the year before."
    WORSE = "samre", "Sämre än året före.", "Worse than the year before."
    UNCHANGED = "oforandrad", "Oförändrat från året före.", "Unchanged from the year before."


class RowKind(Word):
    """What a row of a statement is, so that a reader can sum without doubling."""

    ITEM = "post", "En enskild post.", "A single item."
    SUBTOTAL = "delsumma", "En summa inom tabellen.", "A total within the table."
    TOTAL = "summa", "Tabellens summa.", "The total of the table."
    MEMO = "upplysning", "En upplysning som inte ingår i summan.", "A memo that is not part of the total."


class Maturity(Word):
    """How final a figure is."""

    PRELIMINARY = "preliminar", "Siffran är preliminär.", "The figure is preliminary."
    FINAL = "slutlig", "Siffran är slutlig.", "The figure is final."
    REVISED = "reviderad", "Källan har ändrat siffran.", "The source has revised the figure."


class Done(Word):
    """Whether an assignment, a measure or a control was finished in the year."""

    DONE = "klart", "Klart under året.", "Done in the year."
    NOT_DONE = "ej_klart", "Inte klart under året.", "Not done in the year."


class Disposition(Word):
    """What happens to an assignment after the report."""

    DONE = "klart", "Uppdraget är klart.", "The assignment is done."
    CARRIED_OVER = "overfors", "Uppdraget överförs till nästa år.", "The assignment is carried over."
    DROPPED = "utgar", "Uppdraget utgår.", "The assignment is dropped."


class Sex(Word):
    """Whom a figure is about, where a source tells figures by sex."""

    ALL = "T", "Totalt.", "Total."
    WOMEN = "K", "Kvinnor.", "Women."
    MEN = "M", "Män.", "Men."


class Body(Word):
    """What kind of body Kolada knows."""

    MUNICIPALITY = "K", "Kommun.", "Municipality."
    REGION = "L", "Region, eller riket.", "Region, or the country."


class Comparator(Word):
    """What kind of unit an outcome is compared with."""

    MUNICIPALITY = "kommun", "En kommun i länet.", "A municipality in the county."
    COUNTRY = "riket", "Hela landet.", "The whole country."


class Side(Word):
    """Which end of a measure of areas is the good one, if any."""

    HIGH = "hog_bra", "Högt är bra.", "High is good."
    LOW = "lag_bra", "Lågt är bra.", "Low is good."
    NEUTRAL = (
        "neutral",
        "Måttet beskriver, och har ingen bra eller dålig sida.",
        "It describes: no side is good or bad.",
    )


class Level(Word):
    """What kind of area a figure is about."""

    REGSO = "regso", "Regionalt statistikområde.", "Regional statistical area."
    DESO = "deso", "Demografiskt statistikområde.", "Demographic statistical area."
    MUNICIPALITY = "kommun", "Kommun.", "Municipality."
    COUNTY = "lan", "Län.", "County."
    COUNTRY = "riket", "Hela landet.", "The whole country."


class Sureness(Word):
    """The answer to a question that the source does not always settle."""

    YES = "ja", "Ja.", "Yes."
    NO = "nej", "Nej.", "No."
    UNCLEAR = "oklart", "Källorna säger emot varandra.", "The sources contradict each other."


class AreaStatus(Word):
    """Why an area has no value, or how its value came about."""

    SMALL = "litet_underlag", "Nämnaren är för liten för en andel.", "The denominator is too small for a share."
    MISSING = "saknas", "Källan anger inget värde.", "The source gives no value."
    NOISY = (
        "brus",
        "Bara en summa av värden med brus hade funnits, och den räknas inte ut.",
        "There is only a sum of noisy values, which is not computed.",
    )
    INCOMPLETE = "ofullstandigt", "Något område saknar värde.", "An area has no value."
    NOT_APPLICABLE = "ej_tillampligt", "Måttet kan inte räknas ut på det sättet.", "It cannot be worked out that way."
    ZERO = "lagst_ar_noll", "Det lägsta värdet är noll, så att kvoten saknas.", "The lowest is zero: no ratio."


class SumVerdict(Word):
    """Whether the parts of a whole add up to it."""

    AGREES = "stammer", "Summan är helheten.", "The sum is the whole."
    WITHIN_NOISE = (
        "inom_brus",
        "Skillnaden ryms inom bruset i SCB:s tal.",
        "The difference is within the noise of SCB's figures.",
    )
    BEYOND_NOISE = (
        "utanfor_brus",
        "Skillnaden är större än bruset förklarar.",
        "The difference is more than noise explains.",
    )


class Verdict(Word):
    """What the control of figures says of a stated figure."""

    AGREES = "stammer", "Den angivna siffran stämmer.", "The stated figure agrees."
    WITHIN_ROUNDING = (
        "inom_avrundning",
        "Skillnaden ryms inom avrundningen.",
        "The difference is within what rounding allows.",
    )
    DISAGREES = "stammer_inte", "Den angivna siffran stämmer inte.", "The stated figure does not agree."
    DIFFERS_FROM_SOURCE = (
        "skiljer_sig_fran_kallan",
        "Skiljer sig från källan i dag.",
        "Differs from the source today.",
    )
    NOT_CHECKABLE = (
        "kan_ej_kontrolleras",
        "Siffran som den ska jämföras med saknas.",
        "The figure that it is to be held against is missing.",
    )


class Disclosure(Word):
    """Who may see a column."""

    INTERNAL = "intern", "Publiceras aldrig.", "Never published."
    AGGREGATE = "endast aggregat", "Publiceras bara i sammanställd form.", "Published in aggregate only."
    OPEN = "öppen", "Får publiceras.", "May be published."


class Origin(Word):
    """Where the values of a column come from."""

    EXTRACT = "extrakt", "Kommunens egen fil.", "The municipality's own file."
    PLAN = "plan", "Planen: målregistret och uppställningarnas rader.", "The plan: goal register and statement lines."
    SERVICE = "statistiktjanst", "Kolada eller SCB.", "Kolada or Statistics Sweden."
    COMPUTED = "utraknad", "Uträknad av andra uppgifter.", "Computed from other figures."
    RUN = "korning", "Körningen som hämtade eller skrev raden.", "The run that fetched or wrote the row."


class Severity(Word):
    """What a broken rule does."""

    WARN = "varnar", "Raden godtas, men regelbrottet syns.", "The row is kept and the breach is shown."
    QUARANTINE = "karantan", "Raden sätts i karantän.", "The row is set aside; the others go on."
    BLOCK = "stoppar", "Tabellen stoppas.", "The table is refused, and what depends on it waits."


class Freshness(Word):
    """Whether a source is up to date, and who is late where it is not."""

    UP_TO_DATE = "aktuell", "Det senaste som väntas är inne.", "The latest that is expected is in."
    LATE_AT_SOURCE = (
        "sen_hos_kallan",
        "Källan har inte publicerat det som väntades.",
        "The source has not published what was expected.",
    )
    LATE_HERE = (
        "sen_hos_oss",
        "Källan kan ha publicerat det, men det är inte taget in.",
        "The source may have published it, but it is not taken in.",
    )
    NOT_DUE = "inte_vantad", "Inget nytt väntas ännu.", "Nothing new is expected yet."


class SickLeaveGroup(Word):
    """Whom or which length of absence a figure of sick leave is about."""

    ALL = "totalt", "Samtliga anställda.", "All employees."
    WOMEN = "kvinnor", "Kvinnor.", "Women."
    MEN = "man", "Män.", "Men."
    DAYS_15_TO_90 = "15_90_dagar", "Frånvaro i 15 till 90 dagar.", "Absence of 15 to 90 days."
    OVER_180_DAYS = "mer_an_180_dagar", "Frånvaro i mer än 180 dagar.", "Absence of more than 180 days."
    LONGEST = "langsta_franvaron", "Det längsta intervallet som redovisas.", "The longest interval that is reported."


class Development(Word):
    """Which way a figure went, where the source says so only in words."""

    MUCH_HIGHER = "okat_vasentligt", "Väsentligt högre än året före.", "Substantially higher than the year before."
    HIGHER = "okat", "Högre än året före.", "Higher than the year before."
    SLIGHTLY_HIGHER = "okat_nagot", "Något högre än året före.", "Slightly higher than the year before."
    UNCHANGED = "oforandrat", "På samma nivå som året före.", "On the same level as the year before."
    SLIGHTLY_LOWER = "minskat_nagot", "Något lägre än året före.", "Slightly lower than the year before."
    LOWER = "minskat", "Lägre än året före.", "Lower than the year before."
    MUCH_LOWER = "minskat_vasentligt", "Väsentligt lägre än året före.", "Substantially lower than the year before."


class Fleet(Word):
    """Which vehicles a figure is about."""

    ALL = "alla", "Organisationens alla fordon.", "All vehicles of the organisation."
    OWN = "egna_verksamhetsfordon", "Egna verksamhetsfordon.", "Its own service vehicles."


class Qualifier(Word):
    """How a figure in running text is qualified by the words around it."""

    ABOUT = "cirka", "Ungefär: källan skriver cirka, ca eller omkring.", "About, as the source puts it."
    SLIGHTLY_MORE = "drygt", "Något mer än värdet.", "Slightly more than the value."
    OVER = "over", "Mer än värdet.", "More than the value."
    UNDER = "under", "Mindre än värdet.", "Less than the value."
    AT_LEAST = "minst", "Värdet eller mer.", "The value or more."
    AT_MOST = "hogst", "Värdet eller mindre.", "The value or less."
    BETWEEN = "mellan", "Ett intervall, från värde till värde.", "An interval, from value to value."
    SOME_TWENTY = "ett_tjugotal", "Ungefär tjugo.", "Some twenty."
    SOME_HUNDRED = "ett_hundratal", "Ungefär hundra.", "Some hundred."


class FigureCheck(Word):
    """What the control of figures holds a stated figure against."""

    TOTAL = "summa", "En summa mot sina delar.", "A total against its parts."
    VARIANCE = "avvikelse", "En avvikelse eller förändring mot sina två värden.", "A difference against its two values."
    PERCENT = "procent", "En procentsats mot sina belopp.", "A percentage against its amounts."
    SOURCE = "utfall_mot_kalla", "Ett utfall mot källans värde.", "An outcome against the value of its source."
    ACROSS = (
        "mellan_tabeller",
        "En siffra i en tabell mot andra tabeller.",
        "A figure in a table against other tables.",
    )
    COUNT = "antal", "Ett antal i text mot raderna i sin tabell.", "A count in text against the rows of its table."
    PROSE = "text", "En siffra i löpande text mot sin tabell.", "A figure in running text against its table."


class Revision(Word):
    """What a source did to a value after it had first published the year."""

    CHANGED = "andrad", "Källan har ändrat värdet.", "The source has changed the value."
    REMOVED = "borttagen", "Källan har tagit bort värdet.", "The source has removed the value."
    ADDED = "tillagd", "Källan har lagt till värdet i efterhand.", "The source has added the value afterwards."


class Correcting(Word):
    """What is done about a known error at a source."""

    DROP = "stryks", "Raden används inte.", "The row is not used."
    OVERRIDE = "ersatts", "Värdet ersätts med det rätta.", "The value is replaced by the right one."
    SCALE = "skalas", "Värdet räknas om med en faktor.", "The value is multiplied by a factor."
    FLAG = "flaggas", "Värdet används som det är, och felet är känt.", "The value is used as it is; the error is known."
