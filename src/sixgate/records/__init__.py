"""The only Django app with tables: rows, fields, and the queries that say what an actor may see."""
