"""People for whom the law lets somebody else speak, and one who has nobody."""

from app.demo.anchor import day, instant
from app.demo.consents import attorney, permit, refuse
from app.demo.events import incapacity
from app.demo.people import Resource, patient, role, supporter
from app.demo.plans import part, plan, visit, weekly

_ENGLAND = {"valueCode": "GB-ENG"}
_SEEN = {"valueBoolean": True}


def lacks_capacity() -> list[Resource]:
    """Ivy's daughter holds a registered power of attorney for health and welfare, her son one for money only."""
    ivy = patient(9, "Ivy Ramsbottom-Clarke", "female", "1954-09-19")
    since = {"valuePeriod": {"start": day(-700)}}
    power = {"role_period": since, "role_jurisdiction": _ENGLAND, "role_verified": _SEEN}
    sue = supporter(212, "Sue Ramsbottom-Clarke", ivy, "DAUC", role("lpa-health-welfare", **power), role("carer"))
    peter = supporter(213, "Peter Clarke", ivy, "SONC", role("lpa-property-finance", **power))
    shop = "Sue does the shopping with a list Ivy writes herself, and pays the bills that have come."
    return [
        ivy,
        sue,
        peter,
        incapacity(ivy),
        attorney(ivy, sue, ["medication", "care-plan", "appointments"], instant(-1, "12:00"), until=instant(27)),
        plan(
            ivy,
            "crisis-home-treatment",
            "Home treatment for a manic spell, with much rest and few visitors.",
            [part("practical-help", sue, shop, weekly("sat", time="10:00", hours=2))],
            with_whom=[sue],
            start=-2,
        ),
    ]


def nearest_relative() -> list[Resource]:
    """The law makes his father the nearest relative; Femi chose his sister, and objects to his father."""
    femi = patient(14, "Femi Akinbode", "male", "1993-05-09")
    tunde = supporter(220, "Tunde Akinbode", femi, "FTH", role("nearest-relative", role_jurisdiction=_ENGLAND))
    blank = {"role_jurisdiction": _ENGLAND, "role_verified": {"valueBoolean": False}}
    yemi = supporter(
        221, "Yemi Akinbode", femi, "SIS", role("main-carer"), role("nominated-person", **blank), email=True
    )
    tells = "Yemi rings the team on Sundays with her own view of the week: he says fine, and often he is not."
    return [
        femi,
        tunde,
        yemi,
        permit(femi, yemi, ["service-contact", "care-plan", "meetings", "legal-status", "whereabouts"], instant(-6)),
        refuse(femi, tunde, [], instant(-6, "10:10")),
        plan(
            femi,
            "crisis-home-treatment",
            "Support at home after a stay in hospital.",
            [part("tell-team", yemi, tells, weekly("sun", time="17:00"))],
            with_whom=[yemi],
        ),
    ]


def nobody() -> list[Resource]:
    """Sam was asked, and names nobody: isolated people are neither bad practice nor to be hidden."""
    sam = patient(15, "Sam Thornley", "other", "1977-12-28")
    peer = visit(
        "A peer worker walks with Sam to the allotment and introduces the people there.",
        weekly("wed", time="14:00", hours=2),
    )
    return [sam, plan(sam, "crisis-home-treatment", "Home treatment, and a way back among people.", [peer])]
