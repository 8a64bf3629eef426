"""Verbs of 顶层设计: projects, systems, funding, the course of a project's life, what a unit says of its own project and of what checks found."""

from sixgate.usecases.planning import (
    export,
    findings,
    funding,
    life,
    lineage,
    papers,
    ratings,
    register_import,
    registration,
    systems,
    templates,
    year,
    year_money,
)
from sixgate.usecases.planning.registration import register_project

__all__ = [
    "export",
    "findings",
    "funding",
    "life",
    "lineage",
    "papers",
    "ratings",
    "register_import",
    "register_project",
    "registration",
    "systems",
    "templates",
    "year",
    "year_money",
]
