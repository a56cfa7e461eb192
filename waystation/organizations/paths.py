"""Rows above the tree repeat a unit's path to filter on it; when the unit moves they follow."""

from __future__ import annotations

from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from waystation.kernel.fields import prefix_q


def follow(model, field: str, *, old_path: str, new_path: str) -> int:
    """Rewrite every `field` of the model that lies under `old_path`; returns how many rows changed.

    Called by the receivers of `unit_moved`, inside the transaction of the move.
    """
    rows = model._base_manager.filter(prefix_q(field, old_path))
    tail = Substr(F(field), len(old_path) + 1)
    return rows.update(**{field: Concat(Value(new_path), tail)})
