"""The outbox's tests on PostgreSQL get a database each."""

from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
