"""Registers the app and keeps the append-only walls standing after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    """The records floor."""

    name = "sixgate.records"
    label = "records"
    verbose_name = "台账"

    def ready(self) -> None:
        """Install the triggers after each migration: SQLite drops them whenever a table is remade."""
        from sixgate.records.append_only import install

        post_migrate.connect(lambda using, **_: install(using), sender=self, weak=False)
