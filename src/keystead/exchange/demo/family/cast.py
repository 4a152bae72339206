"""Who has to do with the house."""

from keystead.exchange.demo.stage import Stage
from keystead.people.roles import Role

CLEANERS = "Sparkle Cleaning"
PLUMBERS = "Pennine Boilers"


def gather(stage: Stage) -> None:
    """Add the family, the neighbours and those who come to work. Dad and Ben sign in, too."""
    stage.person("Dad", phone="07700 900112")
    stage.person("Ben")
    stage.person("Gran", phone="01632 960114")
    stage.person("Aunt Jo", phone="07700 900115")
    stage.person("Mrs Okafor", department="No. 14, next door", phone="01632 960116")
    stage.person("Anna Lindqvist", department="No. 10, next door", phone="07700 900117")
    stage.person("Per Lindqvist", department="No. 10, next door")
    stage.person("Marta Nowak", firm=CLEANERS, phone="07700 900118")
    stage.person("Gary Thwaite", firm=PLUMBERS, phone="01632 960119")
    stage.sign_in("Dad", "dad@maple-street.example", Role.KEY_MANAGER)
    stage.sign_in("Ben", "ben@maple-street.example", Role.HOLDER)
