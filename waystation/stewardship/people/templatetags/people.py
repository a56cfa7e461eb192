"""Filters of these pages: partial dates as stored, ages, differences."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.templatetags.ui import zh_date
from waystation.stewardship.people.queries.files import years_since

register = template.Library()


@register.filter
def partial(text: str) -> str:
    """A stored partial date such as "1985-08", as the language writes it."""
    return zh_date(PartialDate.parse_iso(text)) if text else ""


@register.filter
def age(born: str) -> int | None:
    """Whole years of age today."""
    return years_since(born, timezone.localdate()) if born else None


@register.filter
def years(born: str) -> str:
    """The age of a row of a list, such as "47 y."; a plain filter, as a list has it in every row."""
    return _("%(years)s y.") % {"years": age(born)} if born else ""
