"""Permission in, reach out: the one way from a user to the rows that the user may touch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from waystation.accounts.models import without_second_factor
from waystation.kernel.fields import prefix_q
from waystation.organizations.models import Mandate, Unit
from waystation.organizations.permissions import ROLES, Depth, Permission

OWN_FILE_ROLE = "member"


@dataclass(frozen=True)
class Reach:
    """Where a permission holds: single units by id, and whole subtrees by their path.

    `units` are the units of the mandates themselves (for "my station"), `paths` the prefixes of subtrees,
    `exact` the paths of units without what lies below them. `stations` are the units again if all of them are
    stations held with their grids: what people have to do with these is their stays there, and nobody's origin.
    `caring` is the part of the reach in which the user answers for people: without the mandates of roles that only
    help at a destination.
    """

    permission: Permission
    units: tuple[int, ...]
    paths: tuple[str, ...]
    exact: tuple[str, ...]
    roles: frozenset[str] = frozenset()
    stations: tuple[int, ...] = ()
    without_help: Reach | None = None

    @classmethod
    def of(cls, user, permission: Permission, *, also: Permission | None = None) -> Reach:
        """The reach of the user's permission today, from the mandates in force; empty if there is none.

        With `also`, only of the mandates that carry this other permission as well.
        """
        needed = {permission} if also is None else {permission, also}
        carrying = [
            mandate
            for mandate in mandates_of(user)
            if mandate.role in ROLES and needed <= ROLES[mandate.role].permissions
        ]
        answering = [mandate for mandate in carrying if not ROLES[mandate.role].helps]
        whole = cls._over(permission, carrying)
        return whole if answering == carrying else replace(whole, without_help=cls._over(permission, answering))

    @classmethod
    def _over(cls, permission: Permission, mandates: list[Mandate]) -> Reach:
        paths, exact = [], []
        for mandate in mandates:
            is_deep = ROLES[mandate.role].depth_of(permission) is Depth.SUBTREE
            (paths if is_deep else exact).append(mandate.unit.path)
        units = tuple(mandate.unit_id for mandate in mandates)
        roles = frozenset(mandate.role for mandate in mandates)
        only_stations = not exact and all(mandate.unit.kind == Unit.Kind.STATION for mandate in mandates)
        stations = units if only_stations else ()
        return cls(permission, units, tuple(_outermost(paths)), tuple(exact), roles, stations)

    @property
    def caring(self) -> Reach:
        """Where the user answers for people and does not only help."""
        return self if self.without_help is None else self.without_help

    def __bool__(self) -> bool:
        return bool(self.units)

    def path_q(self, path_field: str) -> Q:
        """One condition on a unit's path column, the same ranges of an index on both databases."""
        condition = Q(pk__in=[])
        for path in self.paths:
            condition |= prefix_q(path_field, path)
        if self.exact:
            condition |= Q(**{f"{path_field}__in": self.exact})
        return condition

    def includes(self, paths: Iterable[str], exact: Iterable[str]) -> bool:
        """Does the reach hold wherever another did, of which these are the subtrees and the single places?"""
        within = all(any(path.startswith(prefix) for prefix in self.paths) for path in paths)
        return within and all(self.covers(path) for path in exact)

    def covers(self, path: str) -> bool:
        """Does the reach hold at this path?"""
        return bool(path) and (path in self.exact or any(path.startswith(prefix) for prefix in self.paths))


def _outermost(paths: list[str]) -> list[str]:
    """Without the paths that lie under another of them."""
    kept: list[str] = []
    for path in sorted(paths):
        if not (kept and path.startswith(kept[-1])):
            kept.append(path)
    return kept


def mandates_of(user) -> list[Mandate]:
    """Today's mandates of a user, with their units. Read once a request, never kept longer (P5)."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    kept = getattr(user, "_mandates_today", None)
    if kept is None:
        # Kept on the request's own user object: the next request reads afresh.
        kept = user._mandates_today = list(
            Mandate.objects.in_force(timezone.localdate())
            .filter(user=user, unit__closed_on=None)
            .select_related("unit")
            .order_by("starts_on", "pk")
        )
    return kept


def has_a_station(user) -> bool:
    """Is there an open station where the user acts? A city or county has one; of townships only some do."""
    kept = getattr(user, "_has_a_station", None)
    if kept is None:
        units = [mandate.unit for mandate in mandates_of(user)]
        near = Q(pk__in=[])
        for unit in units:
            near |= prefix_q("path", unit.path)
        usual = {Unit.Kind.CITY, Unit.Kind.COUNTY, Unit.Kind.STATION, Unit.Kind.GRID}
        kept = user._has_a_station = any(unit.kind in usual for unit in units) or (
            bool(units) and (Unit.objects.active().filter(near, kind=Unit.Kind.STATION).exists())
        )
    return kept


@without_second_factor
def is_only_a_member(user) -> bool:
    """Whoever sees nothing but the own file needs no second factor; with the first other role it is asked for."""
    mandates = mandates_of(user)
    return bool(mandates) and all(one.role == OWN_FILE_ROLE for one in mandates)


def permissions_of(user) -> frozenset[Permission]:
    """Every permission the user holds anywhere today."""
    held: set[Permission] = set()
    for mandate in mandates_of(user):
        held |= ROLES[mandate.role].permissions
    return frozenset(held)


def requires(permission: Permission):
    """Admit people who hold the permission somewhere; `request.reach` says where."""

    def decorate(view):
        @login_required
        @wraps(view)
        def guarded(request, *args, **kwargs):
            request.reach = Reach.of(request.user, permission)
            if not request.reach:
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # read by tests/test_architecture.py and the navigation
        return guarded

    return decorate


def public(reason: str):
    """Admit everybody. The reason is printed in docs/policy.md."""

    def decorate(view):
        @wraps(view)
        def open_to_all(request, *args, **kwargs):
            return view(request, *args, **kwargs)

        open_to_all.public = reason
        open_to_all.permission = None
        return open_to_all

    return decorate


def signed_in(reason: str):
    """Admit every signed-in user to pages about themselves, whatever their roles."""

    def decorate(view):
        @login_required
        @wraps(view)
        def personal(request, *args, **kwargs):
            return view(request, *args, **kwargs)

        personal.signed_in = reason
        personal.permission = None
        return personal

    return decorate
