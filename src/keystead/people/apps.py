"""People as a Django application; hands the rights resolver to the journal at start-up."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers persons, firms and accounts, and who may do what."""

    name = "keystead.people"
    label = "people"

    def ready(self) -> None:
        """Wire the resolver of rights, the owners' addresses and the sign-in library's signals."""
        from keystead.journal import operation, outside, reach
        from keystead.people import access, factors, models, signals
        from keystead.vault import registry

        operation.set_resolver(access.granted)
        outside.set_owners(access.owner_addresses)
        registry.register(factors.SealedFactors())
        reach.open_to_all(models.Person)
        reach.open_to_all(models.Firm)
        signals.connect()
