"""Every address of the site with the guard of its view: what the policy page and the check read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from waystation.organizations.permissions import Permission


@dataclass(frozen=True)
class Address:
    """One address: its name with namespace, its pattern, and for whom it is.

    Exactly one of `permission`, `signed_in` and `public` says who is admitted; the last two are
    reasons in words.
    """

    name: str
    route: str
    permission: Permission | None
    signed_in: str
    public: str

    @property
    def is_guarded(self) -> bool:
        return bool(self.permission or self.signed_in or self.public)


def addresses(urlconf: str | None = None) -> list[Address]:
    """Every address of the site, in the order of its patterns."""
    return list(_walk(get_resolver(urlconf), "/", ""))


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            deeper = ":".join(part for part in (space, pattern.namespace) if part)
            yield from _walk(pattern, route, deeper)
        elif isinstance(pattern, URLPattern):
            yield _address(pattern, route, space)


def _address(pattern: URLPattern, route: str, space: str) -> Address:
    view = pattern.callback
    return Address(
        name=":".join(part for part in (space, pattern.name or "") if part),
        route=route,
        permission=getattr(view, "permission", None),
        signed_in=getattr(view, "signed_in", ""),
        public=getattr(view, "public", ""),
    )
