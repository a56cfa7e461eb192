"""The side menu. What a user sees in it follows from the guards of the views themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, get_urlconf, resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.organizations.access import has_a_station, permissions_of


@dataclass(frozen=True)
class Entry:
    """A page of the menu: the name of its address, its words and its drawing; is it about one's own station?

    `instead_of` names the page whose tabs lead here: the entry is for those to whom that page is shut.
    """

    url_name: str
    label: str
    icon: str
    of_station: bool = False
    instead_of: str = ""


@dataclass(frozen=True)
class Chapter:
    """A pillar with its pages."""

    title: str
    sub: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Item:
    """An entry as one user sees it on one page."""

    url: str
    label: str
    icon: str
    is_active: bool
    is_here: bool


@dataclass(frozen=True)
class Section:
    title: str
    sub: str
    items: tuple[Item, ...]


CHAPTERS = (
    Chapter("", "", (Entry("web:desk", _("Desk"), "layout-dashboard"),)),
    Chapter(
        pgettext_lazy("pillar", "Stations"),
        _("built together"),
        (
            Entry("sites:list", _("Stations"), "building-community"),
            Entry("sites:comparison", _("Stations side by side"), "chart-bar"),
            Entry("duty:today", _("Shift and open items"), "clipboard-list"),
            Entry("duty:item-list", _("Open items"), "clipboard-list", instead_of="duty:today"),
            Entry("duty:rota", _("Duty rota"), "calendar", of_station=True),
            Entry("duty:posting-list", _("Staff"), "user-check", of_station=True),
            Entry("funds:list", _("Funds"), "coin"),
        ),
    ),
    Chapter(
        pgettext_lazy("pillar", "Stewardship"),
        _("members looked after together"),
        (
            Entry("people:list", _("Member files"), "id-badge-2"),
            Entry("people:departure-list", _("Departures"), "door-exit"),
            Entry("people:arrival-list", _("Arrivals"), "door-enter"),
            Entry("rosters:board", _("Two-sided reconciliation"), "arrows-exchange"),
            Entry("rosters:import-list", _("Rosters"), "file-spreadsheet"),
            Entry("duties:list", _("Duty sheets"), "list-check"),
            Entry("contacts:list", _("Contact and care"), "phone"),
            Entry("grids:list", _("Grids"), "map-2"),
            Entry("groups:list", _("Functional groups"), "users-group"),
            Entry("formalities:transfer-list", _("Formal transfers"), "arrow-right"),
            Entry("formalities:card-list", _("Activity cards"), "id"),
            Entry("dues:list", _("Dues"), "receipt"),
            Entry("education:list", _("Organization life and learning"), "book"),
            Entry("appraisals:list", _("Two-way appraisal"), "scale"),
        ),
    ),
    Chapter(
        pgettext_lazy("pillar", "System"),
        "",
        (
            Entry("organizations:tree", _("Organization tree"), "sitemap"),
            Entry("organizations:mandate-list", _("Mandates"), "signature"),
            Entry("web:user-list", _("Users"), "users"),
            Entry("web:settings", _("Rules with a date"), "adjustments-horizontal"),
            Entry("web:jobs", _("Task centre"), "progress"),
            Entry("web:audit", _("Audit trail"), "history"),
            Entry("organizations:policy", _("Permissions"), "shield-check"),
        ),
    ),
)


@lru_cache(maxsize=256)
def _address(url_name: str, urlconf: str) -> tuple[str, object] | None:
    """The address of a page and its view; None if this installation has no such page."""
    try:
        url = reverse(url_name, urlconf)
        return url, resolve(url, urlconf).func
    except (NoReverseMatch, Resolver404):
        return None


def allowed_url(url_name: str, user) -> str:
    """The address of the page if its own guard would let the user in, else nothing."""
    found = _address(url_name, get_urlconf() or settings.ROOT_URLCONF)
    if found is None:
        return ""
    url, view = found
    if getattr(view, "public", None):
        return url
    if user is None or not user.is_authenticated:
        return ""
    if getattr(view, "signed_in", None):
        return url
    return url if getattr(view, "permission", None) in permissions_of(user) else ""


def menu(request) -> list[Section]:
    """The sections with the pages that the user may open, the present one marked."""
    seen = [(chapter, [(entry, _url(entry, request.user)) for entry in chapter.entries]) for chapter in CHAPTERS]
    urls = [url for _chapter, entries in seen for _entry, url in entries if url]
    active = max((url for url in urls if _lies_under(request.path, url)), key=len, default="")
    return [
        Section(
            chapter.title,
            chapter.sub,
            tuple(_item(request, entry, url, active) for entry, url in entries if url),
        )
        for chapter, entries in seen
        if any(url for _entry, url in entries)
    ]


def _url(entry: Entry, user) -> str:
    if entry.instead_of and allowed_url(entry.instead_of, user):
        return ""
    url = allowed_url(entry.url_name, user)
    return url if not (url and entry.of_station) or has_a_station(user) else ""


def looks(sections: list[Section]) -> str:
    """All that the drawing of the menu depends on, besides the language: two equal looks are drawn alike."""
    return " ".join(
        f"{item.url}{'!' * item.is_active}{'.' * item.is_here}" for section in sections for item in section.items
    )


def trail(sections: list[Section]) -> list[tuple[str, str]]:
    """The breadcrumb that the menu gives: the section, then its page, linked from below it."""
    for section in sections:
        for item in section.items:
            if item.is_active and section.title:
                return [(section.title, ""), (item.label, "" if item.is_here else item.url)]
    return []


def _lies_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _item(request, entry: Entry, url: str, active: str) -> Item:
    return Item(
        url=url,
        label=entry.label,
        icon=entry.icon,
        is_active=url == active,
        is_here=url == request.path,
    )
