"""Everything that is missing in one episode, in the order of the codes."""

from typing import Final

from app.fhir.vocabulary.gaps import GAP
from app.involvement.gaps.gap import Around, Gap
from app.involvement.gaps.people import of_nobody, of_people
from app.involvement.gaps.records import of_children, of_plans, of_risk
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.phases import TYPES as OF_PHASES

TYPES: Final = OF_PHASES | {"RiskAssessment", "QuestionnaireResponse", "List"}
_ORDER: Final = {code: place for place, code in enumerate(GAP.codes)}


def gaps(chart: Chart, episode: Episode) -> list[Gap]:
    """The gaps of an episode; of supporters, of records."""
    of = Around(chart, episode)
    found = [*of_nobody(of), *of_people(of), *of_plans(of), *of_risk(of), *of_children(of)]
    return sorted(found, key=lambda one: (_ORDER[one.code], one.supporter, one.record))
