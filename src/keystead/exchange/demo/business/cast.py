"""Who works at Harbour & Partners, and who comes from other firms."""

from keystead.exchange.demo.stage import Stage
from keystead.people.roles import Role

DESK = "Jonas Huber"
"""Runs the key cabinet at reception."""

ON_CALL = ("Felix Maier", "Ivana Horvat", "Stefan Wolf", "Clara Brandt")
STAFF = ("Felix Maier", "Ivana Horvat", "Stefan Wolf", "Clara Brandt", "Emre Yildiz", "Nora Lang")
HEATING = "Köhler Heizungsbau"
CLEANING = "Reinigung Blitz"
GUARDS = "Nordwacht"


def gather(stage: Stage) -> None:
    """Add the staff and the contractors' workers. Four of them sign in."""
    for name, department in (
        (DESK, "Reception"),
        ("Miriam Adler", "Partner"),
        ("Paul Harbour", "Partner"),
        ("Felix Maier", "Facilities"),
        ("Ivana Horvat", "IT"),
        ("Stefan Wolf", "Facilities"),
        ("Clara Brandt", "Office 1.1"),
        ("Emre Yildiz", "Office 1.1"),
        ("Nora Lang", "Office 1.2"),
        ("Lukas Gruber", "Office 1.2"),
        ("Sofia Novak", "Auditor"),
    ):
        stage.person(name, department=department)
    stage.person("Matthias Vogel", firm=HEATING, phone="0660 5550171")
    stage.person("Tobias Kern", firm=HEATING)
    stage.person("Elena Popescu", firm=CLEANING, phone="0660 5550173")
    stage.person("Dragan Ilic", firm=CLEANING)
    stage.person("Viktor Sommer", firm=GUARDS, phone="0660 5550175")
    stage.sign_in(DESK, "jonas@harbour-partners.example", Role.KEY_MANAGER)
    stage.sign_in("Ivana Horvat", "ivana@harbour-partners.example", Role.HOLDER)
    stage.sign_in("Nora Lang", "nora@harbour-partners.example", Role.HOLDER)
    stage.sign_in("Sofia Novak", "sofia@harbour-partners.example", Role.AUDITOR)
