"""Names for invented people, as varied as those of an English town with a border to Wales."""

from collections.abc import Iterator
from random import Random

WOMEN = (
    "Abigail", "Adwoa", "Agnieszka", "Aisha", "Amandeep", "Bethan", "Beverley", "Carys", "Chidinma", "Dorothy",
    "Eilidh", "Elif", "Esme", "Farzana", "Gloria", "Grace", "Halima", "Hui", "Iwona", "Jasmin", "Joyce", "Kavita",
    "Leanne", "Lowri", "Maryam", "Mwamba", "Nasreen", "Nia", "Olena", "Pamela", "Parveen", "Rosa", "Roxanne", "Saoirse",
    "Shanice", "Simran", "Sunita", "Tanya", "Tomasina", "Valerie",
)  # fmt: skip
MEN = (
    "Adil", "Alfie", "Andrzej", "Babatunde", "Barry", "Bilal", "Bogdan", "Carwyn", "Clive", "Damien", "Delroy", "Derek",
    "Dylan", "Emeka", "Ewan", "Faisal", "Gethin", "Hamza", "Harpreet", "Ian", "Imtiaz", "Jerome", "Kamal", "Kwame",
    "Leroy", "Liam", "Mateusz", "Nabil", "Neville", "Owain", "Pawel", "Quentin", "Rajesh", "Ravi", "Ruairi", "Stefan",
    "Terence", "Vikram", "Wai", "Zubair",
)  # fmt: skip
EITHER = ("Ash", "Robin", "Rowan", "Sasha")
FAMILIES = (
    "Adeyemi", "Akhtar", "Ashworth", "Baptiste", "Barraclough", "Bellamy", "Bhatti", "Blackwood", "Boateng",
    "Brannigan", "Chaudhry", "Cheng", "Clegg", "Cudworth", "Dacosta", "Dhillon", "Driscoll", "Eastwood", "Ellershaw",
    "Fairbank", "Farooqi", "Gallagher", "Greenhalgh", "Gwynne", "Haddad", "Hargreaves", "Hepworth", "Iqbal",
    "Jankowski", "Jessop", "Kaczmarek", "Kapoor", "Kowalczyk", "Lightfoot", "Llewellyn", "Mahmood", "Makinde",
    "McAllister", "Mensah", "Musgrave", "Nakamura", "Nkemelu", "Oldroyd", "Osei", "Patel", "Petrescu", "Pritchard",
    "Quaye", "Rashid", "Rawcliffe", "Rees", "Sandiford", "Sharma", "Siddiqui", "Stubbs", "Szabo", "Tattersfield",
    "Uddin", "Wainwright", "Yilmaz",
)  # fmt: skip
GIVEN = {"female": WOMEN, "male": MEN, "other": EITHER}


def patients(random: Random) -> Iterator[tuple[str, str]]:
    """Names of patients with their genders, without end as far as they go; no two are alike."""
    seen: set[str] = set()
    while True:
        gender = random.choices(tuple(GIVEN), (49, 48, 3))[0]
        name = f"{random.choice(GIVEN[gender])} {random.choice(FAMILIES)}"
        if name not in seen:
            seen.add(name)
            yield name, gender


def relative(random: Random, gender: str, of: str, *, shares_name: bool) -> str:
    """A name for somebody around a patient of that name; never the patient's own."""
    family = of.rpartition(" ")[2] if shares_name else random.choice([each for each in FAMILIES if each not in of])
    return f"{random.choice([each for each in GIVEN[gender] if each not in of])} {family}"
