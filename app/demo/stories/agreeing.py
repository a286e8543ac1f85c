"""People who agree to something being told, or were never asked."""

from app.demo.anchor import instant
from app.demo.consents import permit
from app.demo.events import NURSE, agreement, answers, appointment, call, no_answer, task
from app.demo.people import Resource, patient, reference, role, supporter
from app.demo.plans import daily, note, part, plan, visit, weekly
from app.demo.teams import crisis_team


def two_carers() -> list[Resource]:
    """Amina lets her mother know the plan and the early signs, and her partner only the times of visits."""
    amina = patient(1, "Amina Hussain", "female", "1991-06-14", address="14 Elderflower Close")
    rukhsana = supporter(201, "Rukhsana Hussain", amina, "MTH", role("main-carer"), role("next-of-kin"), email=True)
    tom = supporter(202, "Tom Ferriday", amina, "DOMPART", role("key-supporter"), role("household-member"))
    signs = "Rukhsana knows Amina's early signs and rings the team if she sees two of them for two days."
    told = permit(amina, rukhsana, ["care-plan", "meetings", "relapse-signature"], instant(-6), next_review=instant(84))
    agreed = "Amina chose what her mother may know, and Rukhsana what she would rather not be asked about."
    hug = "Tom hugs Amina when she wakes early, before either of them reaches for the telephone."
    return [
        amina,
        rukhsana,
        tom,
        crisis_team(amina, rukhsana),
        told,
        agreement(
            told, agreed, -6, ("attester", reference(amina)), ("attester", reference(rukhsana)), ("author", NURSE)
        ),
        permit(amina, tom, ["appointments"], instant(-6, "10:20"), next_review=instant(84)),
        plan(
            amina,
            "relapse-prevention",
            "Notice early: sleeping under four hours, leaving the radio on all night, giving things away.",
            [part("watch-early-signs", rukhsana, signs, daily("20:00")), part("affection", tom, hug, daily("06:30"))],
            with_whom=[rukhsana],
            note=[note("I am glad to ring, as long as somebody rings me back.", rukhsana, -5)],
        ),
        answers(amina, [("What helps most?", "That mum is there, and that nobody hurries me.")], -5),
        answers(rukhsana, [("What do you need yourself?", "Somebody to take over on Thursdays, and sleep.")], -5),
        appointment(amina, "Planning meeting", 1, ("15:00", "15:45"), rukhsana),
    ]


def not_asked() -> list[Resource]:
    """Nobody has asked Lee yet; his father telephones in distress. Silence is not refusal."""
    lee = patient(2, "Lee Cattermole", "male", "2006-09-02")
    graham = supporter(203, "Graham Cattermole", lee, "FTH", role("key-supporter"), role("emergency-contact"))
    visits = visit("A nurse visits every day and asks Lee whom he would like involved, and how.", daily("11:00"))
    missed = call(lee, graham, -1, "17:20", **no_answer())
    return [
        lee,
        graham,
        missed,
        plan(lee, "crisis-home-treatment", "Home treatment after a first crisis.", [visits], start=-1),
    ]


def expired() -> list[Resource]:
    """Winston's permission for his wife ended two days ago; Priya's is open, with its review ten days late."""
    winston = patient(4, "Winston Braithwaite-Cole", "male", "1958-01-30")
    marcia = supporter(206, "Marcia Braithwaite-Cole", winston, "WIFE", role("main-carer"), role("next-of-kin"))
    priya = patient(17, "Priya Venkataraman", "female", "1988-04-11")
    arjun = supporter(224, "Arjun Venkataraman", priya, "HUSB", role("carer"))
    everyday = ["service-contact", "care-plan", "medication", "appointments"]
    return [
        winston,
        marcia,
        permit(winston, marcia, everyday, instant(-88), until=instant(-2, "23:59"), next_review=instant(-30)),
        task(winston, "Ask Winston whether his wife may still be told", "renew-consent", 2),
        priya,
        arjun,
        permit(priya, arjun, everyday, instant(-100), until=instant(265), next_review=instant(-10), method="written"),
    ]


def verbal() -> list[Resource]:
    """Bridget said yes by telephone; the nurse wrote it down and read it back. Spoken consent is full consent."""
    bridget = patient(6, "Bridget Scanlon", "female", "1979-11-23")
    niall = supporter(209, "Niall Scanlon", bridget, "HUSB", role("main-carer"), role("emergency-contact"), email=True)
    read_back = {"verified": True, "verifiedWith": reference(bridget), "verificationDate": instant(-3, "15:10")}
    walk = "Niall walks the dog with Bridget before work, the long way by the river when she can manage it."
    return [
        bridget,
        niall,
        permit(bridget, niall, ["appointments"], instant(-3, "15:05"), verification=[read_back]),
        plan(
            bridget,
            "crisis-home-treatment",
            "Home treatment for a severe low spell, with visits that fit around Niall's shifts.",
            [
                visit("Two visits a week by the crisis team.", weekly("tue", "fri", time="16:00", hours=1)),
                part("routine-activity", niall, walk, daily("06:45", hours=1)),
            ],
            with_whom=[niall],
        ),
    ]
