"""People who refuse, or take back, that something is told."""

from app.demo.anchor import instant
from app.demo.consents import permit, refuse, withdrawn
from app.demo.people import Resource, patient, role, supporter
from app.demo.plans import daily, part, plan, visit
from app.demo.teams import crisis_team


def refused() -> list[Resource]:
    """Joan refuses all involvement of her sister; asked separately about her condition, she says no again."""
    joan = patient(3, "Joan Tattersall", "female", "1961-07-08")
    pat = supporter(204, "Pat Ormerod", joan, "SIS", role("key-supporter"))
    return [
        joan,
        pat,
        refuse(joan, pat, [], instant(-7), next_review=instant(7)),
        refuse(
            joan, pat, ["condition-information"], instant(-7, "10:15"), name="consent-joan-tattersall-pat-condition"
        ),
    ]


def withdrawn_the_same_day() -> list[Resource]:
    """Dev says yes for his brother at ten and takes it back at four: two versions of one Consent."""
    dev = patient(5, "Dev Chaudhari", "male", "1994-02-19")
    nikhil = supporter(207, "Nikhil Chaudhari", dev, "BRO", role("carer"), role("emergency-contact"))
    yes = permit(dev, nikhil, ["care-plan", "meetings", "appointments"], instant(-1, "10:00"))
    return [dev, nikhil, crisis_team(dev), yes, withdrawn(yes, instant(-1, "16:00"))]


def suicidal_and_refusing() -> list[Resource]:
    """Mark, who can decide for himself, refuses that his wife is told anything, while the team is worried for him."""
    mark = patient(8, "Mark Ollerenshaw", "male", "1972-10-05", address="3 Saddlers Yard")
    helen = supporter(211, "Helen Ollerenshaw", mark, "WIFE", role("next-of-kin"), role("household-member"))
    visits = visit(
        "Two workers visit morning and evening and ask again whom Mark would like told.", daily("09:00", "19:00")
    )
    return [
        mark,
        helen,
        refuse(mark, helen, [], instant(-2, "14:00"), recorder="dr-meera-raghavan", next_review=instant(1)),
        plan(
            mark,
            "crisis-home-treatment",
            "Home treatment with safety planning.",
            [visits],
            author="Practitioner/dr-meera-raghavan",
        ),
        plan(
            mark,
            "safety-plan",
            "What Mark does when the thoughts come, whom he rings, and what is out of the house.",
            [visit("Mark rings the crisis line first, at any hour.", daily("00:00", hours=24))],
        ),
    ]


def seventeen_years_old() -> list[Resource]:
    """Ella is 17: she lets her mother know and refuses her father. Both have parental responsibility."""
    ella = patient(12, "Ella Quarmby", "female", "2008-05-27")
    dawn = supporter(217, "Dawn Iveson", ella, "MTH", role("parental-responsibility"), role("main-carer"))
    scott = supporter(218, "Scott Quarmby", ella, "FTH", role("parental-responsibility"))
    scopes = ["service-contact", "condition-information", "care-plan", "safety-plan", "risk-to-self", "appointments"]
    step = "Dawn is the second person Ella rings, from six in the evening until eleven."
    return [
        ella,
        dawn,
        scott,
        permit(ella, dawn, scopes, instant(-4), next_review=instant(10)),
        refuse(ella, scott, [], instant(-4, "10:30"), next_review=instant(10)),
        plan(
            ella,
            "safety-plan",
            "Steps Ella chose, from the music she plays to the people she rings.",
            [part("safety-step", dawn, step, daily("18:00", hours=5))],
            with_whom=[dawn],
        ),
    ]
