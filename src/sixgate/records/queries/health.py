"""Whether the database answers, for those who watch the service."""

from django.db import DatabaseError, connection


def database_answers() -> bool:
    """Tell whether the database carries out the smallest question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except DatabaseError:
        return False
