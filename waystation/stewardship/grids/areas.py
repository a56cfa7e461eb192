"""Areas drawn on a map: GeoJSON in, one checked polygon out. Coordinates are longitude and latitude (WGS 84)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable

from django.utils.translation import gettext as _
from shapely import get_num_coordinates
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

LONGEST = 100_000  # characters
MOST_POINTS = 500
DIGITS = 6  # about ten centimetres
# Square degrees, about twelve square metres: what rounding leaves where two areas share a line.
TOUCH = 1e-9


class BadArea(ValueError):
    """The text is no area; the sentence says why."""


def read_area(text: str) -> dict | None:
    """The polygon that a text of GeoJSON holds; None for an empty text.

    A polygon may stand alone, in a feature or in a collection of one. Refuses (BadArea) what is not one
    polygon without holes, a line that crosses itself, more than 500 points and places that are not on Earth.
    """
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST:
        raise BadArea(_("The area has too many points; %(most)d are enough.") % {"most": MOST_POINTS})
    try:
        geometry = shape(_bare(json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_number)))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise BadArea(_("This is not GeoJSON of a polygon.")) from error
    return _checked(geometry)


def _number(text: str) -> float:
    """A number that a coordinate can be: JSON as Python reads it also has NaN and Infinity."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _bare(found) -> dict:
    """The geometry inside a feature or a collection of one feature."""
    if found.get("type") == "FeatureCollection":
        (found,) = found["features"]
    if found.get("type") == "Feature":
        found = found["geometry"]
    if found.get("type") == "MultiPolygon" and len(found["coordinates"]) == 1:
        found = {"type": "Polygon", "coordinates": found["coordinates"][0]}
    return found


def _checked(geometry: BaseGeometry) -> dict:
    if geometry.geom_type != "Polygon" or geometry.is_empty:
        raise BadArea(_("The area must be one polygon."))
    if list(geometry.interiors):
        raise BadArea(_("The area must have no holes."))
    if get_num_coordinates(geometry) > MOST_POINTS:
        raise BadArea(_("The area has too many points; %(most)d are enough.") % {"most": MOST_POINTS})
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadArea(_("The points must be longitude and latitude in degrees."))
    if not geometry.is_valid or geometry.area <= TOUCH:
        raise BadArea(_("The line of the area crosses itself or encloses nothing."))
    ring = [[round(x, DIGITS), round(y, DIGITS)] for x, y, *_z in orient(geometry).exterior.coords]
    rounded = shape({"type": "Polygon", "coordinates": [ring]})
    if not rounded.is_valid or rounded.area <= TOUCH:
        raise BadArea(_("The line of the area crosses itself or encloses nothing."))
    return {"type": "Polygon", "coordinates": [ring]}


def overlap(one: dict, other: dict) -> bool:
    """Whether two areas have ground in common; a common line is none."""
    return shape(one).intersection(shape(other)).area > TOUCH


def lies_in(area: dict, boundary: dict) -> bool:
    """Whether nearly all of the area lies inside the boundary, which is drawn coarsely."""
    drawn = shape(area)
    return drawn.intersection(shape(boundary)).area >= drawn.area * 0.9


def together(areas: Iterable[dict]) -> dict:
    """One area out of areas that touch. Refuses (BadArea) those that do not."""
    joined = None
    for area in areas:
        one = shape(area)
        joined = one if joined is None else joined.union(one.buffer(0))
    if joined is None or joined.geom_type != "Polygon":
        raise BadArea(_("The areas do not touch, so they are no one area together."))
    return _checked(joined)


def points(geometry: dict) -> list[list[tuple[float, float]]]:
    """The outer rings of a polygon or of several, as pairs of longitude and latitude."""
    if geometry["type"] == "Polygon":
        return [[(x, y) for x, y, *_z in geometry["coordinates"][0]]]
    return [[(x, y) for x, y, *_z in rings[0]] for rings in geometry["coordinates"]]


def bounds(geometries: Iterable[dict]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of all of them; None without any."""
    boxes = [shape(geometry).bounds for geometry in geometries]
    if not boxes:
        return None
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def middle(area: dict) -> tuple[float, float]:
    """A point inside the area, for its label."""
    point = shape(area).representative_point()
    return point.x, point.y


def as_text(area: dict | None) -> str:
    """The area as GeoJSON to read and to correct by hand."""
    return json.dumps(mapping(shape(area)), separators=(", ", ": ")) if area else ""
