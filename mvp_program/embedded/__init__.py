"""The database engine of a site without ``DATABASE_URL``: Django's own for PostgreSQL, started on first use."""
