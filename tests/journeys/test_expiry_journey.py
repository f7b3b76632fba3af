"""A recognition ends, and the number of high-tech enterprises on the board with it."""

from datetime import timedelta

from local_stack.stack import Stack
from parks.recognitions.service import settle_due, warn_due
from servicekit.clock import china_date
from servicekit.db import Database
from sqlalchemy import text

from tests.journeys.actors import Actors, until

CODE = "91410184MAEXPRY016"
NUMBER = "GR-JOURNEY-EXPIRY"
_A_DAY_GOES_BY = text("UPDATE recognition SET valid_to = :day WHERE number = :number")


async def test_a_recognition_that_expires_moves_the_number_of_high_tech_enterprises(
    actors: Actors, stack: Stack
) -> None:
    office, today = actors("office"), china_date()
    period = f"{today:%Y-%m}"

    def number(path: str, **query: str) -> int:
        """What is shown of this month there."""
        found = [row for row in office.items(path, **query) if row["period"] == period]
        return int(found[0]["value"]) if found else 0

    def told() -> int:
        """The indicator's number in targets."""
        return number("indicators/high-tech-enterprises/observations")

    def heard(kind: str) -> list[dict[str, object]]:
        types = [f"kechuang.parks.recognition.{kind}.v1"]
        found = office.items("events", type=types, limit=200)
        return [each["data"] for each in found if each["data"]["number"] == NUMBER]

    # As parks counts: what earlier journeys registered may still be on its way to targets.
    before = number("park-metrics", metric="count.high_tech")
    firm = office.post("enterprises", {"uscc": CODE, "name": "到期试验企业", "park_code": "gangqu"})
    office.post(
        "recognitions",
        {
            "enterprise_id": firm["id"],
            "kind": "high_tech",
            "number": NUMBER,
            "authority": "河南省科学技术厅",
            "valid_from": f"{today - timedelta(days=1000)}",
            "valid_to": f"{today}",
        },
    )
    assert until(lambda: told() == before + 1)
    assert office.get(f"enterprises/{firm['id']}")["enterprise_class"] == "high_tech"
    url = stack.environment("parks")["KECHUANG_DATABASE_URL"]
    async with Database(url) as database:
        async with database.session() as session:
            await warn_due(session)
        async with database.session() as session:
            yesterday = today - timedelta(days=1)
            await session.execute(_A_DAY_GOES_BY, {"day": yesterday, "number": NUMBER})
        async with database.session() as session:
            await settle_due(session)
    assert until(lambda: told() == before)
    assert office.get(f"enterprises/{firm['id']}")["enterprise_class"] == "ordinary"
    assert until(lambda: heard("expired"))
    assert [each["days_before"] for each in heard("expiring")] == [30]
