"""Pages of long lists without OFFSET and without counting a million rows.

A page is named by the id of the row before or after it, so that no name stands in an address, and
costs the same however deep it lies.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict

from waystation.kernel import counting

SIZES = (25, 50, 100, 200)
MOST = 200


@dataclass(frozen=True)
class Page:
    """Some rows of a list; `total` is None when there are more than `at_least`."""

    rows: list
    size: int
    total: int | None
    at_least: int
    previous: str
    next: str

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page_of(
    queryset: QuerySet, params: QueryDict | Mapping, *, by: str = "", newest_first: bool = False,
    pieces: Sequence[QuerySet] = (),
) -> Page:  # fmt: skip
    """The page that `params` ask for (after, before, size), ordered by `by` and the id.

    Without `by` the id alone orders: ids are made in the order of time. `pieces` are the same rows in parts
    that share none and are counted faster.
    """
    size = page_size(params.get("size"))
    after, before = _cursor(params.get("after")), _cursor(params.get("before"))
    backwards = before is not None and after is None
    descending = newest_first != backwards
    mark = before if backwards else after
    rows = queryset
    if mark is not None:
        rows = rows.filter(_beyond(queryset.model, mark, by, descending))
    keys = [by, "pk"] if by else ["pk"]
    found = list(rows.order_by(*(f"-{key}" if descending else key for key in keys))[: size + 1])
    more = len(found) > size
    is_whole = mark is None and not more
    total = len(found) if is_whole else counting.counted_for_list(pieces or [queryset])
    found = found[:size]
    if backwards:
        found.reverse()
    has_previous = more if backwards else mark is not None
    has_next = True if backwards else more
    return Page(
        rows=found,
        size=size,
        total=total if total <= counting.COUNTED else None,
        at_least=counting.COUNTED,
        previous=_link(params, "before", found[0]) if has_previous and found else "",
        next=_link(params, "after", found[-1]) if has_next and found else "",
    )


def page_size(text) -> int:
    """A size that was asked for, never above 200 (I10); 25 for anything else."""
    try:
        return max(1, min(int(text), MOST))
    except (TypeError, ValueError):
        return SIZES[0]


def _cursor(text) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text)) if text else None
    except ValueError:
        return None


def _beyond(model, mark: uuid.UUID, by: str, descending: bool) -> Q:
    """The rows after the marked one in the order of the list."""
    if not by:
        return Q(pk__lt=mark) if descending else Q(pk__gt=mark)
    key = model.objects.filter(pk=mark).values_list(by, flat=True).first()
    if key is None:
        return Q()
    step, edge = ("lt", "lte") if descending else ("gt", "gte")
    # The edge is what an index can start from; the rest only settles rows with the same key.
    return Q(**{f"{by}__{edge}": key}) & (Q(**{f"{by}__{step}": key}) | Q(**{f"pk__{step}": mark}))


def _link(params, name: str, row) -> str:
    """The address of the neighbouring page, with the filters as they are."""
    query = params.copy() if isinstance(params, QueryDict) else QueryDict(mutable=True)
    for place in ("after", "before"):
        query.pop(place, None)
    query[name] = str(row.pk)
    return f"?{query.urlencode()}"
