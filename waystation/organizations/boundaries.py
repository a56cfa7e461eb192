"""Outlines of divisions, from the GeoJSON files beside the divisions themselves. No tiles, no network."""

from __future__ import annotations

import json
from functools import lru_cache

from django.conf import settings

from waystation.organizations.models import Unit
from waystation.organizations.queries import ancestors


@lru_cache(maxsize=1)
def _known() -> dict[str, dict]:
    found = {}
    for path in sorted((settings.ROOT / "data").glob("*.geojson")):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            code = feature["properties"].get("code")
            if code:
                found[str(code)] = feature["geometry"]
    return found


def boundary_of(unit: Unit) -> tuple[Unit, dict] | None:
    """The nearest unit at or above this one whose outline is known, and the outline."""
    for above in reversed(ancestors(unit)):
        if above.code in _known():
            return above, _known()[above.code]
    return None
