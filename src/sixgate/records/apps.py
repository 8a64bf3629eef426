"""Registers the app; after every migration the append-only walls stand and the divisions are those of the delivered list."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    """The records floor."""

    name = "sixgate.records"
    label = "records"

    def ready(self) -> None:
        """Install the triggers after each migration (SQLite drops them whenever a table is remade) and bring the divisions up to date."""
        from sixgate.records.append_only import install
        from sixgate.records.regions import load_regions

        post_migrate.connect(lambda using, **_: install(using), sender=self, weak=False)
        post_migrate.connect(lambda **_: load_regions(), sender=self, weak=False)
