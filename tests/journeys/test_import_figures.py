"""The figures of the imports can be taken: a trial of the bench with few rows."""

from collections.abc import Callable

from servicekit.testing.databases import ServiceDatabase

from tests.bench import import_figures

MEGABYTES = 256


async def test_returns_are_imported_and_copied_in_turn(
    service_database: Callable[[str], ServiceDatabase],
) -> None:
    seen = await import_figures.of_returns(service_database("parks"), rows=2400, rounds=1)
    assert seen.ratio == seen.seconds / seen.floor
    assert 0 < seen.megabytes < MEGABYTES
    assert seen.looks > 1


async def test_reports_are_imported(service_database: Callable[[str], ServiceDatabase]) -> None:
    seen = await import_figures.of_reports(service_database("targets"), rows=2400)
    assert seen.seconds > 0
    assert 0 < seen.megabytes < MEGABYTES
