"""Past one machine, with real PostgreSQL, Redis and worker processes of Debian's packages."""
