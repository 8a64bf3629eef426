"""Registers the doors with Django, so that its checks know what a production start refuses. No tables live here."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.checks import Tags, register


class AssetsConfig(StaticFilesConfig):
    """The static files, without those of libraries that no page of ours uses."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx", "redoc*"]


class DoorsConfig(AppConfig):
    """The doors."""

    name = "sixgate.interfaces"
    label = "doors"

    def ready(self) -> None:
        """Add our checks to those of `django check`."""
        from sixgate.interfaces.checks import unfit_for_production, unfit_notice_rules

        register(unfit_for_production, Tags.security)
        register(unfit_notice_rules)
