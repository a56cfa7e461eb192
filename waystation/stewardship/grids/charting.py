"""The map of a station's grids as lines to draw: no tiles, only outlines that are stored here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from waystation.organizations.boundaries import boundary_of
from waystation.organizations.models import Unit
from waystation.stewardship.grids import areas

WIDTH, HEIGHT = 800, 560
MARGIN = 0.15  # of the ground shown, on each side
_KILOMETRE = 1 / 111.32  # degrees of latitude


@dataclass(frozen=True)
class Frame:
    """Which ground is shown, and how a place on it becomes a point of the drawing."""

    west: float
    north: float
    scale: float  # drawing units a degree of latitude
    squeeze: float  # a degree of longitude is shorter, the further from the equator

    def point(self, x: float, y: float) -> tuple[float, float]:
        return (
            round((x - self.west) * self.squeeze * self.scale, 1),
            round((self.north - y) * self.scale, 1),
        )

    def path(self, geometry: dict) -> str:
        """The outlines as the data of an SVG path."""
        rings = []
        for ring in areas.points(geometry):
            rings.append("M" + "L".join("{} {}".format(*self.point(x, y)) for x, y in ring) + "Z")
        return "".join(rings)

    @property
    def kilometre(self) -> float:
        """How long a kilometre is on the drawing."""
        return round(self.scale * _KILOMETRE, 1)


def frame_of(box: tuple[float, float, float, float]) -> Frame:
    """A frame that shows the whole box, in the middle."""
    west, south, east, north = box
    width, height = max(east - west, 0.002), max(north - south, 0.002)
    squeeze = cos(radians((south + north) / 2))
    scale = min(WIDTH / (width * squeeze), HEIGHT / height) / (1 + 2 * MARGIN)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return Frame(
        west=middle_x - WIDTH / scale / squeeze / 2, north=middle_y + HEIGHT / scale / 2, scale=scale, squeeze=squeeze
    )


@dataclass(frozen=True)
class Shape:
    """A grid on the map: its outline, where its label stands, and its state in a word of the style sheet."""

    grid: object
    path: str
    x: float
    y: float
    tone: str


@dataclass(frozen=True)
class Chart:
    """The whole map: the frame, the outline of the county, the grids that have a drawn area."""

    frame: Frame
    county: Unit | None
    outline: str
    shapes: list[Shape]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def bar(self) -> dict:
        """The scale bar: a round number of kilometres about a fifth of the drawing long."""
        wanted = WIDTH / 5 / self.frame.kilometre
        kilometres = next((n for n in (20, 10, 5, 2, 1, 0.5, 0.2, 0.1) if n <= wanted), 0.05)
        return {"kilometres": kilometres, "length": round(kilometres * self.frame.kilometre, 1)}


def chart(station: Unit, grids: Iterable, tone_of) -> Chart | None:
    """The map of the station's grids; None where neither a drawn area nor the county's outline is known."""
    drawn = [grid for grid in grids if grid.drawn]
    known = boundary_of(station)
    box = areas.bounds([grid.drawn for grid in drawn] or ([known[1]] if known else []))
    if box is None:
        return None
    frame = frame_of(box)
    shapes = []
    for grid in drawn:
        x, y = frame.point(*areas.middle(grid.drawn))
        shapes.append(Shape(grid, frame.path(grid.drawn), x, y, tone_of(grid)))
    return Chart(frame, known[0] if known else None, frame.path(known[1]) if known else "", shapes)
