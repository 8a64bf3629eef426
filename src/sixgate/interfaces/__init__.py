"""Doors: web pages, API, command line. They know no business rules."""
