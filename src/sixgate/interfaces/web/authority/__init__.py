"""Pages of 授权: organisations, people and posts, clauses in force, one's own account."""
