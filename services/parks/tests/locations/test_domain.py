"""Coordinates, boundaries and distances."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parks.locations.domain import (
    AreaUnreadable,
    BoundaryInvalid,
    CoordinatesSwapped,
    NotOnLand,
    check_boundary,
    check_position,
    is_on_land,
    kilometres,
    read_near,
    read_within,
)

ZHENGZHOU, BEIJING = (113.625, 34.747), (116.407, 39.904)
ON_LAND = {
    "Xinzheng": (113.74, 34.40),
    "Mohe": (122.54, 52.97),
    "Sanya": (109.51, 18.25),
    "Kashgar": (75.99, 39.47),
    "Fuyuan": (134.30, 48.37),
    "Dalian": (121.61, 38.91),
    "Weihai": (122.12, 37.51),
    "Shanghai": (121.47, 31.23),
    "Zhoushan": (122.20, 29.99),
    "Xiamen": (118.09, 24.48),
    "Hong Kong": (114.17, 22.32),
    "Taipei": (121.56, 25.04),
    "Lhasa": (91.13, 29.66),
    "Jinghong": (100.80, 22.01),
}
AT_SEA = {
    "null island": (0.0, 0.0),
    "East China Sea": (125.0, 29.0),
    "Yellow Sea": (123.5, 35.0),
    "South China Sea": (115.0, 18.0),
    "Bay of Bengal": (89.0, 18.0),
    "Pacific": (150.0, 35.0),
    "Atlantic": (-30.0, 40.0),
}
SQUARE = [[113.84, 34.51], [113.9, 34.51], [113.9, 34.56], [113.84, 34.56], [113.84, 34.51]]
BOW_TIE = [[113.84, 34.51], [113.9, 34.56], [113.9, 34.51], [113.84, 34.56], [113.84, 34.51]]
LINE = [[113.84, 34.51], [113.9, 34.51], [113.86, 34.51], [113.84, 34.51]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize("place", ON_LAND)
def test_a_place_of_the_country_is_on_land_and_found_when_swapped(place: str) -> None:
    lon, lat = ON_LAND[place]
    check_position(lon, lat, "/p")
    with pytest.raises(CoordinatesSwapped) as caught:
        check_position(lat, lon, "/p")
    assert [error.pointer for error in caught.value.errors] == ["/p"]


@pytest.mark.parametrize("place", AT_SEA)
def test_a_place_at_sea_is_refused(place: str) -> None:
    with pytest.raises(NotOnLand):
        check_position(*AT_SEA[place], "/p")


@given(st.floats(-180, 180), st.floats(-180, 180))
def test_no_place_is_on_land_both_ways_round(lon: float, lat: float) -> None:
    assert not (is_on_land(lon, lat) and is_on_land(lat, lon))


def test_a_boundary_is_closed_crosses_nothing_and_has_an_area() -> None:
    check_boundary(polygon(SQUARE), "/b")
    hole = [[113.86, 34.53], [113.87, 34.53], [113.87, 34.54], [113.86, 34.53]]
    check_boundary(polygon(SQUARE, hole), "/b")
    outside = [[113.95, 34.53], [113.96, 34.53], [113.96, 34.54], [113.95, 34.53]]
    for wrong in (polygon(BOW_TIE), polygon([*SQUARE[:-1], [113.84, 34.52]]), polygon(LINE),
                  polygon(SQUARE, outside)):  # fmt: skip
        with pytest.raises(BoundaryInvalid):
            check_boundary(wrong, "/b")
    with pytest.raises(CoordinatesSwapped):
        check_boundary(polygon([position[::-1] for position in SQUARE]), "/b")


def test_a_distance_is_that_of_the_globe() -> None:
    assert kilometres(ZHENGZHOU, ZHENGZHOU) == 0
    assert abs(kilometres(ZHENGZHOU, BEIJING) - 624) < 5
    assert kilometres(ZHENGZHOU, BEIJING) == kilometres(BEIJING, ZHENGZHOU)


@pytest.mark.parametrize(
    "text", ["", "113", "113,34", "113,34,x", "113,34,0", "113,34,nan", "1,2,3,4"]
)
def test_what_is_no_point_with_a_distance_is_refused(text: str) -> None:
    with pytest.raises(AreaUnreadable) as caught:
        read_near(text)
    assert [error.pointer for error in caught.value.errors] == ["query/near"]
    assert read_near("113.86,34.53,20") == ((113.86, 34.53), 20)


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "114,34,113,35", "113,35,114,34", "113,34,114,91", "a,b,c,d"]
)
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(AreaUnreadable):
        read_within(text)
    assert read_within("113,34,114,35") == (113, 34, 114, 35)
