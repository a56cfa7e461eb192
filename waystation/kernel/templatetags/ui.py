"""Tags and filters of the page kit. Every template has them without loading anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from difflib import SequenceMatcher
from functools import cache
from hashlib import sha256

from django import template
from django.core.cache import caches
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from waystation.kernel.ids import new_id
from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.toasts import undo_path

register = template.Library()
register.filter("undo_path", undo_path)

# Query parameters that say where in a list one is; a new filter starts the list again.
PLACE_IN_LIST = ("after", "before", "page")
GROUPS = {"radio", "checkboxes"}
MOSTLY_ALIKE = 0.8


# --- small marks ----------------------------------------------------------------------------------
@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> str:
    """A drawing of the sprite; always beside a word, so it is hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes, static("vendor/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def idem() -> str:
    """The hidden key of a form, by which a second sending of it is recognised."""
    return format_html('<input type="hidden" name="idem" value="{}">', new_id())


@register.inclusion_tag("ui/qr.html")
def qr(text: str, label: str = "") -> dict:
    """A QR code as an SVG drawing. Keep personal data out of `text`: anybody can read it."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    rows = code.get_matrix()
    dots = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return {"path": "".join(dots), "side": len(rows) + 8, "label": label or _("QR code")}


# --- words and numbers ----------------------------------------------------------------------------
@register.filter
def zh_date(day: date | datetime | PartialDate | None) -> str:
    """The day as the language writes it; a partial date only as far as it is known."""
    if day is None or day == "":
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day) if timezone.is_aware(day) else day
    parts = {"year": day.year, "month": day.month, "day": day.day}
    if day.month is None:
        return _("%(year)04d") % parts
    if day.day is None:
        return _("%(year)04d-%(month)02d") % parts
    return _("%(year)04d-%(month)02d-%(day)02d") % parts


@register.filter
def zh_time(moment: datetime | None) -> str:
    """Day and minute in local time."""
    if moment is None or moment == "":
        return ""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{zh_date(local)} {local:%H:%M}"


@register.filter
def pairs(facts: dict) -> list[tuple]:
    """Names and values of a dict. In a template, `facts.items` would find a fact that is called “items”."""
    return list(facts.items())


@register.filter
def thousands(number) -> str:
    """12345 as 12,345; a dash where there is no number."""
    if number is None or number == "":
        return "—"
    return f"{number:,}"


@register.filter
def mask(text: str) -> str:
    """An ID or phone number with its middle hidden: three characters in front, four behind."""
    text = str(text or "")
    if len(text) < 9:
        return "*" * len(text)
    return text[:3] + "*" * (len(text) - 7) + text[-4:]


@register.filter
def differing(mine, other) -> list[tuple[str, bool]]:
    """`mine` cut into pieces, each with whether it differs from `other`."""
    mine, other = str(mine or ""), str(other or "")
    if not mine:
        return [(_("not given"), bool(other))]
    if not other:
        return [(mine, False)]
    found = SequenceMatcher(None, mine, other, autojunk=False)
    one_longer = mine.startswith(other) or other.startswith(mine)
    if found.ratio() < MOSTLY_ALIKE and not one_longer:
        return [(mine, True)]  # a mark on every second character helps nobody
    return [
        (mine[start:end], kind != "equal")
        for kind, start, end, _other_start, _other_end in found.get_opcodes()
        if end > start
    ]


# --- forms ----------------------------------------------------------------------------------------
@register.filter
def control_kind(field) -> str:
    """How a bound field is laid out: line, text, select, check, radio, checkboxes or file."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", None) or "text"
    if kind == "checkbox":
        return "checkboxes" if getattr(widget, "allow_multiple_selected", False) else "check"
    if kind in {"radio", "select", "file"}:
        return kind
    return "text" if widget.__class__.__name__ == "Textarea" else "line"


@register.filter
def why_asked(field) -> str:
    """Why a form asks for this field, if its form says so (`form.fields[...].why`)."""
    return getattr(field.field, "why", "")


@register.simple_tag
def control(field, hint: str = "") -> str:
    """The input of a bound field, with its look and what describes it to a screen reader."""
    kind = control_kind(field)
    look = {"select": "form-select", "check": "form-check-input"}.get(kind, "form-control")
    attrs = {} if kind in GROUPS else {"class": _joined(field.field.widget.attrs.get("class"), look)}
    described = []
    if field.help_text or hint:
        described.append(f"{field.auto_id}_helptext")
    if field.errors:
        described.append(f"{field.auto_id}_error")
    if described and kind not in GROUPS:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


@register.simple_tag
def problems(form) -> list[dict]:
    """Every error of a form with the id of the control that mends it, in the order of the page."""
    found = [{"anchor": "", "label": "", "text": text} for text in form.non_field_errors()]
    for field in form:
        anchor = field.id_for_label or f"{field.auto_id}_0"
        # What stands beside a box to tick is a sentence of its own, not a fault of the box.
        label = "" if control_kind(field) == "check" else field.label
        found += [{"anchor": anchor, "label": label, "text": text} for text in field.errors]
    return found


@register.simple_tag(takes_context=True)
def filter_chips(context, form) -> list[dict]:
    """The filters in force, each with the address of the same list without it."""
    chips = []
    for field in form.visible_fields():
        given = [value for value in _as_list(field.data) if value not in (None, "", False)]
        if not given:
            continue
        query = context["request"].GET.copy()
        for name in (field.html_name, *PLACE_IN_LIST):
            query.pop(name, None)
        chips.append({"label": field.label, "value": _words(field, given), "url": f"?{query.urlencode()}"})
    return chips


@register.simple_tag
def filter_fields(form) -> str:
    """The fields of a form of filters, those of `field.is_more` behind "more filters".

    While nothing is chosen they look alike for everybody who has the same choices: such a drawing is kept.
    """
    if any(value for field in form for value in _as_list(field.data)):
        return _filters_drawn(form)
    looks = "\n".join((get_language() or "", *(_looks(field) for field in form)))
    key = f"filters.{sha256(looks.encode()).hexdigest()}"
    return caches["hour"].get_or_set(key, lambda: _filters_drawn(form))


def _filters_drawn(form) -> str:
    fields = form.visible_fields()
    more = [field for field in fields if getattr(field.field, "is_more", False)]
    main = [field for field in fields if field not in more]
    is_used = any(field.data for field in more)
    return get_template("ui/_filter_fields.html").render(
        {"hidden": form.hidden_fields(), "main": main, "more": more, "is_used": is_used}
    )


def _looks(field) -> str:
    """All that the drawing of a bound field depends on."""
    widget = field.field.widget
    choices = [f"{value}={label}" for value, label in _flat(field)]
    more = getattr(field.field, "is_more", False)
    parts = (field.html_name, field.label, type(widget).__name__, widget.attrs, field.value(), more, field.errors)
    return "\t".join((*map(str, parts), str(field.help_text), *choices))


def _words(field, given: list) -> str:
    """What the user chose, in the words of the choices."""
    if control_kind(field) == "check":
        return _("yes")
    choices = {str(value): str(text) for value, text in _flat(field)}
    return ", ".join(choices.get(str(value), str(value)) for value in given)


def _flat(field) -> Iterator[tuple]:
    """The choices of a field, those of groups one after the other."""
    for key, label in getattr(field.field, "choices", ()):
        yield from label if isinstance(label, list | tuple) else [(key, label)]


def _as_list(value) -> list:
    return list(value) if isinstance(value, list | tuple) else [value]


def _joined(*classes: str | None) -> str:
    return " ".join(part for part in classes if part)


# --- blocks ---------------------------------------------------------------------------------------
@register.simple_block_tag(takes_context=True)
def page_head(context, content, title, sub="", crumbs=None, note=""):
    """Where I am, the one h1, a line below it; the block holds what can be done next."""
    if crumbs is None and "frame" in context:
        crumbs = context["frame"].trail
    return _drawn("page_head", content, title=title, sub=sub, crumbs=crumbs, note=note)


@register.simple_block_tag
def card(content, title="", url="", link="", classes="", id=""):
    """A framed part of a page with a heading and, at its right, one link."""
    return _drawn("card", content, title=title, url=url, link=link, classes=classes, id=id)


@register.simple_block_tag
def disclosure(content, title, is_open=False, classes=""):
    """Something to open and close in place; works without JavaScript."""
    return _drawn("disclosure", content, title=title, is_open=is_open, classes=classes)


def _drawn(name: str, content, **values) -> str:
    """The component's template around the block's content, which is already rendered."""
    return get_template(f"ui/{name}.html").render({"content": content, **values})
