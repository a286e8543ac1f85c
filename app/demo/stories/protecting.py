"""People who need protecting: from a former partner, from too much to carry, from being named."""

from app.demo.anchor import day, instant
from app.demo.codes import concept, own
from app.demo.consents import permit
from app.demo.events import restriction, task, told_in_confidence, warning
from app.demo.people import Resource, patient, role, supporter
from app.demo.plans import between, daily, note, part, plan, visit, weekly
from app.demo.teams import crisis_team

_SCHOOL_DAYS = ("mon", "tue", "wed", "thu", "fri")


def alleged_violence() -> list[Resource]:
    """Kezia fears her former partner, who is still down as next of kin and has an old permission."""
    kezia = patient(7, "Kezia Amankwah", "female", "1990-03-17")
    rob = supporter(210, "Rob Dunnock", kezia, "FMRSPS", role("next-of-kin"))
    aunt = supporter(225, "Comfort Amankwah", kezia, "AUNT", role("key-supporter"))
    collect = "Comfort collects the children from school so that Kezia can be at home for the team's visits."
    return [
        kezia,
        rob,
        aunt,
        permit(kezia, rob, ["whereabouts", "appointments", "care-plan"], instant(-420), method="written"),
        permit(kezia, aunt, ["make-contact", "appointments", "care-plan"], instant(-8)),
        restriction(kezia, "no-contact-safeguarding", "No contact (safeguarding)", rob),
        restriction(kezia, "no-whereabouts", "No whereabouts", rob),
        plan(
            kezia,
            "crisis-home-treatment",
            "Visits away from the family home, at times only Kezia and the team know.",
            [part("childcare", aunt, collect, weekly(*_SCHOOL_DAYS, time="15:15", hours=2))],
            with_whom=[aunt],
        ),
    ]


def young_carer() -> list[Resource]:
    """Jade, 14, cooks and watches her mother's tablets, and may know the visits and a child's safety plan."""
    sharon = patient(10, "Sharon Pickersgill", "female", "1983-08-21")
    jade = supporter(
        214, "Jade Pickersgill", sharon, "DAUC", role("young-carer"), role("child-in-household"), born="2011-10-12"
    )
    together = "Jade and her mother watch one programme together after tea, and nobody talks about the illness."
    return [
        sharon,
        jade,
        permit(sharon, jade, ["appointments", "safety-plan"], instant(-5), conditions=["with-patient-present"]),
        task(jade, "Refer to the young carers' service", "young-carer-referral", 7, status="accepted"),
        plan(
            sharon,
            "safety-plan",
            "A version in Jade's words: who comes, whom to ring, and that none of it is her fault.",
            [part("time-together", jade, together, daily("18:30", hours=1))],
            with_whom=[jade],
        ),
    ]


def shared_lives_host() -> list[Resource]:
    """Nikita stays with Mags for ten days: Mags may know what keeps both safe, and her household nothing."""
    nikita = patient(11, "Nikita Sorokina-Webb", "female", "1998-12-01")
    scheme = {
        "role_period": {"valuePeriod": {"start": day(-4), "end": day(6)}},
        "role_jurisdiction": {"valueCode": "GB-WLS"},
    }
    mags = supporter(215, "Mags Prosser-Lane", nikita, "FRND", role("shared-lives-carer", **scheme), email=True)
    husband = supporter(216, "Alun Prosser-Lane", nikita, "FRND", role("household-member"))
    grandson = supporter(226, "Osian Prosser-Lane", nikita, "FRND", role("visiting-child"), born="2019-06-30")
    known = ["safety-plan", "medication", "risk-to-self", "substance-use"]
    lock = "Mags keeps alcohol and all tablets in the locked cupboard, also when her grandson stays at weekends."
    rest = "Nikita sleeps at the day house on Thursdays, so that Mags has an evening to herself."
    return [
        nikita,
        mags,
        husband,
        grandson,
        crisis_team(nikita, mags, members=("host-worker-catrin-beynon-rees", "nurse-callum-reidpath")),
        permit(nikita, mags, known, instant(-4, "09:00"), until=instant(6, "23:59"), method="written"),
        plan(
            nikita,
            "crisis-home-treatment",
            "A ten-day stay with a host family instead of a ward.",
            [
                part("means-safety", mags, lock, between(-4, 6)),
                part("respite-space", mags, rest, weekly("thu", time="18:00", hours=14)),
            ],
            with_whom=[mags],
            start=-4,
            end=6,
            author="Practitioner/host-worker-catrin-beynon-rees",
            note=[note("I sleep from eleven; after that ring the crisis line, not me.", mags, -4)],
        ),
    ]


def in_confidence() -> list[Resource]:
    """A neighbour told the team something and asks that nobody learns it was him."""
    keiran = patient(13, "Keiran Lockwood", "male", "1985-01-16")
    bob = supporter(219, "Bob Entwhistle", keiran, "NBOR", role("informal-supporter"))
    said = told_in_confidence(keiran, bob, -2, "Bob has seen strangers come and go at night, and is worried.")
    return [keiran, bob, warning(keiran, "Ring the bell twice; the dog is loud and friendly."), said]


def visits_cut() -> list[Resource]:
    """Visits went from two a day to one because his mother was staying; nobody asked her or him."""
    tariq = patient(16, "Tariq Belmadani", "male", "1996-04-03")
    samira = supporter(223, "Samira Belmadani", tariq, "MTH", role("main-carer"))
    providing = concept((own("plan-status-reason"), "family-providing", "Family is providing"))
    quiet = "Samira keeps the house quiet after eight and asks visitors to come another day."
    return [
        tariq,
        samira,
        permit(tariq, samira, ["make-contact", "care-plan", "appointments"], instant(-9)),
        plan(
            tariq,
            "crisis-home-treatment",
            "Home treatment while his mother stays with him.",
            [
                visit("A morning visit.", daily("09:30")),
                visit("An evening visit.", daily("18:30"), status="stopped", statusReason=providing),
                part("home-environment", samira, quiet, daily("20:00")),
            ],
        ),
    ]
