"""Bad input to the register, at the door: each is a clear refusal in Chinese and English, at the
place that is wrong, and nothing of it is stored."""

from typing import Any

import pytest
from stdnum.cn import uscc

from tests.journeys.actors import Actors, Row
from tests.journeys.cases import QUIET
from tests.journeys.doors import Door

SQUARE = [[113.84, 34.51], [113.9, 34.51], [113.9, 34.56], [113.84, 34.56], [113.84, 34.51]]
BOW_TIE = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
HELD = {"kind": "high_tech", "authority": "河南省科学技术厅"}


def code(number: int) -> str:
    stem = f"91410184MABAD{number:04}"
    return stem + uscc.calc_check_digit(stem + "0")


GOOD = code(1)


@pytest.fixture(scope="module")
def firm(actors: Actors) -> Row:
    """An enterprise that moved on 1 July 2024 and is recognised for three years."""
    office = actors("office")
    body = {"uscc": GOOD, "name": "坏数据（新郑）有限公司", "park_code": "gangqu"}
    row = office.post("enterprises", body)
    moved = {"valid_from": "2024-07-01", "park_code": "xuedian"}
    office.post(f"enterprises/{row['id']}/standings", moved)
    days = {"valid_from": "2024-01-01", "valid_to": "2026-12-31"}
    office.post("recognitions", {"enterprise_id": row["id"], "number": "GR-BAD-1", **HELD, **days})
    return row


@pytest.mark.parametrize(
    ("typed", "zh", "en"),
    [
        (GOOD[:-1] + ("A" if GOOD[-1] != "A" else "B"), "校验码不符", "check character does not"),
        *(
            (f"{GOOD[:8]}{letter}{GOOD[9:]}", f"位不能是“{letter}”", f"9 cannot be {letter}")
            for letter in "IOZSV"
        ),
        (GOOD[:17], "应为 18 位，现为 17 位", "17 characters, not 18"),
    ],
)  # fmt: skip
def test_a_code_that_cannot_be_one(office: Door, typed: str, zh: str, en: str) -> None:
    told = office.refused(
        422, "invalid_uscc", "POST", "enterprises", at="/uscc", json={"uscc": typed, "name": "坏码"}
    )
    assert zh in told["zh"]
    assert en in told["en"]


def test_full_width_digits_are_read_in_a_code_and_refused_in_a_number(
    office: Door, actors: Actors, firm: Row, year: int
) -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) for each in GOOD.lower())
    found = list(actors("office").items("enterprises", uscc=f" {wide} "))
    assert [each["id"] for each in found] == [firm["id"]]
    body = {"enterprise_id": firm["id"], "period": f"{year}-01"}
    body["measures"] = QUIET | {"rd_spend": "６００"}
    told = office.refused(
        422, "validation_failed", "POST", "operating-returns", at="/measures/rd_spend", json=body
    )
    assert "应为十进制数字符串" in told["zh"]


def test_two_codes_of_one_name(office: Door, firm: Row) -> None:
    body = {"uscc": code(2), "name": "坏数据(新郑) 有限公司"}
    told = office.refused(
        409, "enterprise_name_taken", "POST", "enterprises", at="/name", json=body
    )
    assert GOOD in told["zh"]
    assert GOOD in told["en"]


@pytest.mark.parametrize("day", ["2024-07-01", "2024-03-01"])
def test_an_enterprise_in_two_parks_at_once(office: Door, firm: Row, day: str) -> None:
    path = f"enterprises/{firm['id']}/standings"
    body = {"valid_from": day, "park_code": "longhu"}
    told = office.refused(409, "in_two_places_at_once", "POST", path, at="/valid_from", json=body)
    assert "xuedian" in told["zh"]


def test_overlapping_recognitions(office: Door, firm: Row) -> None:
    body = {"enterprise_id": firm["id"], "number": "GR-BAD-2", **HELD}
    body |= {"valid_from": "2026-12-31", "valid_to": "2029-12-31"}
    told = office.refused(
        409, "recognition_overlaps", "POST", "recognitions", at="/valid_from", json=body
    )
    assert "GR-BAD-1" in told["en"]


def test_negative_revenue_and_a_period_to_come(office: Door, firm: Row, year: int) -> None:
    body: Row = {"enterprise_id": firm["id"], "period": f"{year}-02", "measures": QUIET}
    negative = body | {"measures": QUIET | {"sales_revenue": "-1"}}
    told = office.refused(
        422, "inconsistent_measures", "POST", "operating-returns",
        at="/measures/sales_revenue", json=negative,
    )  # fmt: skip
    assert "不能为负数" in told["zh"]
    for period in ("2099-01", "2099-Q1", "2099"):
        office.refused(
            422, "future_period", "POST", "operating-returns",
            at="/period", json=body | {"period": period},
        )  # fmt: skip


def place(lon: float, lat: float, ring: Any = None) -> Row:
    boundary = ring and {"type": "Polygon", "coordinates": [ring]}
    return {"point": {"type": "Point", "coordinates": [lon, lat]}, "boundary": boundary}


@pytest.mark.parametrize(
    ("body", "refusal", "at"),
    [
        (place(125.0, 29.0), "not_on_land", "/point/coordinates"),
        (place(0.0, 0.0), "not_on_land", "/point/coordinates"),
        (place(34.53, 113.86), "coordinates_swapped", "/point/coordinates"),
        (place(113.86, 34.53, [one[::-1] for one in SQUARE]), "coordinates_swapped",
         "/boundary/coordinates"),
        (place(113.86, 34.53, BOW_TIE), "boundary_invalid", "/boundary/coordinates"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be(office: Door, body: Row, refusal: str, at: str) -> None:
    office.refused(422, refusal, "PUT", "parks/longhu/location", at=at, json=body)
    assert office.http.get("parks/longhu/location").status_code == 404


def test_nothing_of_it_was_stored(actors: Actors, firm: Row) -> None:
    office = actors("office")
    assert list(office.items("enterprises", uscc=code(2))) == []
    assert list(office.items("operating-returns", enterprise_id=firm["id"])) == []
    assert len(list(office.items("recognitions", enterprise_id=firm["id"]))) == 1
    assert len(list(office.items(f"enterprises/{firm['id']}/standings"))) == 2
