"""What a point and a boundary must satisfy, and how far away things are.

Coordinates are RFC 7946: longitude before latitude, in degrees of WGS 84 (EPSG:4326).
"""

import math
from collections.abc import Sequence
from typing import Any

from servicekit.problems import FieldError, Unprocessable
from shapely import Point, Polygon, prepare
from shapely.geometry import shape
from shapely.validation import explain_validity

EARTH_KM = 6371.0088
"""Its mean radius (IUGG)."""
Position = tuple[float, float]

# A coarse outline of the country's land and islands, some tens of kilometres beyond them: it finds
# what was typed wrong and says nothing about any border.
_MAINLAND: Sequence[Position] = (
    (135.3, 48.6), (133.5, 44.9), (131.4, 42.8), (130.8, 42.2), (128.0, 41.7), (126.4, 41.2),
    (124.5, 39.8), (121.4, 38.5), (120.7, 39.6), (119.3, 39.0), (119.4, 38.3), (121.0, 38.2),
    (122.9, 37.6), (122.7, 36.7), (120.9, 35.7), (119.8, 35.0), (121.2, 33.3), (122.3, 31.8),
    (123.0, 30.8), (122.8, 29.7), (122.2, 28.2), (121.2, 26.9), (120.1, 25.2), (118.5, 24.0),
    (116.8, 22.7), (114.6, 21.9), (113.5, 21.6), (111.4, 21.1), (111.5, 19.8), (110.4, 18.0),
    (108.7, 18.0), (108.2, 19.4), (108.9, 20.9), (107.8, 21.2), (106.4, 21.7), (105.0, 22.7),
    (102.2, 22.1), (101.6, 20.9), (99.8, 21.4), (98.6, 23.7), (97.3, 23.9), (98.2, 27.3),
    (96.9, 27.6), (95.3, 26.6), (92.0, 26.6), (88.9, 27.0), (85.9, 27.6), (80.9, 29.8),
    (78.2, 31.3), (78.0, 34.6), (75.5, 35.9), (73.2, 39.4), (76.4, 40.8), (80.0, 42.4),
    (79.9, 45.2), (82.2, 47.5), (85.5, 48.7), (87.6, 49.4), (91.3, 47.0), (91.4, 45.4),
    (96.6, 43.1), (101.9, 42.9), (107.4, 42.7), (111.6, 44.0), (111.7, 45.4), (115.7, 46.9),
    (115.2, 47.9), (116.4, 50.1), (119.0, 50.5), (119.9, 52.7), (121.0, 53.7), (123.7, 53.8),
    (126.3, 52.9), (128.0, 50.0), (131.0, 49.2), (131.3, 48.1), (135.3, 48.6),
)  # fmt: skip
_TAIWAN: Sequence[Position] = (
    (119.9, 23.0), (121.0, 21.7), (121.7, 23.5), (122.3, 25.3), (121.4, 25.6), (119.9, 24.0),
    (119.9, 23.0),
)  # fmt: skip
LAND = (Polygon(_MAINLAND), Polygon(_TAIWAN))
for _part in LAND:
    prepare(_part)


class CoordinatesSwapped(Unprocessable):
    code = "coordinates_swapped"
    zh = "经纬度写反了：应先经度后纬度（RFC 7946），如 [113.86, 34.53]"
    en = "Longitude and latitude are swapped: longitude comes first (RFC 7946), as [113.86, 34.53]"


class NotOnLand(Unprocessable):
    code = "not_on_land"
    zh = "坐标 [{lon}, {lat}] 不在国内陆地上"
    en = "The coordinates [{lon}, {lat}] are not on land in this country"


class BoundaryInvalid(Unprocessable):
    code = "boundary_invalid"
    zh = "边界无效（自相交、未闭合或没有面积）：{reason}"
    en = "The boundary is not valid (it crosses itself, is not closed or has no area): {reason}"


class PointOutside(Unprocessable):
    code = "point_outside_boundary"
    zh = "标注点不在园区边界内"
    en = "The point does not lie within the boundary"


class AreaUnreadable(Unprocessable):
    code = "area_unreadable"
    zh = "参数格式应为 {form}"
    en = "It is written as {form}"


def check_position(lon: float, lat: float, pointer: str) -> None:
    """Raises `CoordinatesSwapped`, `NotOnLand`."""
    if is_on_land(lon, lat):
        return
    if is_on_land(lat, lon):
        raise CoordinatesSwapped().at(pointer)
    raise NotOnLand(lon=lon, lat=lat).at(pointer)


def is_on_land(lon: float, lat: float) -> bool:
    return any(part.covers(Point(lon, lat)) for part in LAND)


def check_boundary(boundary: dict[str, Any], pointer: str) -> None:
    """A polygon whose rings are closed and do not cross themselves or each other.

    Raises:
        BoundaryInvalid: it is none.
        CoordinatesSwapped, NotOnLand: where it lies.
    """
    rings = boundary["coordinates"]
    for ring in rings:
        if tuple(ring[0]) != tuple(ring[-1]):
            raise BoundaryInvalid(reason="Ring not closed").at(pointer)
    for lon, lat in rings[0]:
        check_position(lon, lat, pointer)
    area = shape(boundary)
    if not area.is_valid:
        raise BoundaryInvalid(reason=explain_validity(area)).at(pointer)
    if area.area == 0:
        raise BoundaryInvalid(reason="No area").at(pointer)


def check_within(point: Position, boundary: dict[str, Any], pointer: str) -> None:
    """Raises `PointOutside` for a point that is not of the park."""
    if not shape(boundary).covers(Point(point)):
        raise PointOutside().at(pointer)


def kilometres(a: Position, b: Position) -> float:
    """The way between two points over a sphere: some tenths of a percent off (haversine)."""
    (lon_a, lat_a), (lon_b, lat_b) = ([math.radians(each) for each in one] for one in (a, b))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def read_near(text: str) -> tuple[Position, float]:
    """`113.86,34.53,20` → the point and the kilometres around it.

    Raises:
        AreaUnreadable: it is written in another way.
        CoordinatesSwapped, NotOnLand: see `check_position`.
    """
    lon, lat, distance = _numbers(text, "near", "lon,lat,km", 3)
    if not 0 < distance <= 20_000:
        raise _unreadable("near", "lon,lat,km")
    check_position(lon, lat, "query/near")
    return (lon, lat), distance


def read_within(text: str) -> tuple[float, float, float, float]:
    """`113,34,114,35` → west, south, east, north, as RFC 7946 writes a box.

    Raises:
        AreaUnreadable: it is written in another way, or holds nothing.
    """
    west, south, east, north = _numbers(text, "within", "west,south,east,north", 4)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise _unreadable("within", "west,south,east,north")
    return west, south, east, north


def _numbers(text: str, name: str, form: str, count: int) -> list[float]:
    try:
        numbers = [float(each) for each in text.split(",")]
    except ValueError:
        raise _unreadable(name, form) from None
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise _unreadable(name, form)
    return numbers


def _unreadable(name: str, form: str) -> AreaUnreadable:
    problem = AreaUnreadable(form=form)
    texts = (problem.text("zh"), problem.text("en"))
    problem.errors = (FieldError(f"query/{name}", problem.code, *texts),)
    return problem
