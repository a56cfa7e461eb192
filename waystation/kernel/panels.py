"""Pieces of a page that apps above add to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Panel:
    """A piece of a page: the template that draws it, with what it needs as `panel.data`."""

    template: str
    data: dict = field(default_factory=dict)


class Panels:
    """What a page lets the apps above add: functions, each of which gives its panel or None."""

    def __init__(self):
        self._makers: list[Callable] = []

    def register(self, make: Callable) -> Callable:
        if make not in self._makers:
            self._makers.append(make)
        return make

    def of(self, *about) -> list[Panel]:
        """The panels about this, in the order of registration."""
        return [panel for make in self._makers if (panel := make(*about)) is not None]
