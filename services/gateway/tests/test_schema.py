"""The migrations lead to the models and back."""

from collections.abc import Callable

from gateway.main import MIGRATIONS
from servicekit.testing.databases import ServiceDatabase


def test_the_history_ends_where_the_models_are(
    empty_database: Callable[[str], ServiceDatabase],
) -> None:
    url = empty_database("gateway").migrator_url
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)
    MIGRATIONS.downgrade(url, "base")
    MIGRATIONS.upgrade(url)
    MIGRATIONS.check(url)
