"""Rules with numbers that change by decree: each has a value, a period and a source.

An app declares its rules in `rules.py`; an administrator may set another value from a day on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from . import audit
from .models import DatedSetting


class UndeclaredRule(KeyError):
    """No app declares this rule."""


class NotAValue(ValueError):
    """The text is not a value of the kind that the rule has."""


class ChangedMeanwhile(Exception):
    """Somebody else set the same rule at the same moment."""


@dataclass(frozen=True)
class Rule:
    """A declared rule: key, default value, unit of measure, title and source of the default.

    `names` are the words for the keys of a rule that is no number; with `several` its value is a text of keys.
    """

    key: str
    default: Any
    unit: Any
    title: Any
    source: str
    kind: Callable[[Any], Any]
    names: tuple[tuple[str, Any], ...] = ()
    several: bool = False

    def words(self, value) -> str:
        """A value as people read it."""
        chosen = str(value).split() if self.several else [str(value)]
        return "、".join(str(name) for key, name in self.names if key in chosen) if self.names else str(value)

    def parse(self, text) -> int | Decimal | str:
        """The value that `text` means. Raises NotAValue."""
        try:
            return self.kind(text)
        except (ValueError, TypeError, InvalidOperation):
            raise NotAValue(f"{text!r} is not a value of {self.key}.") from None


@dataclass(frozen=True)
class RuleInForce:
    """A rule as it holds on a day; `setting` is None while the declared default holds."""

    rule: Rule
    value: Any
    setting: DatedSetting | None

    @property
    def words(self) -> str:
        """The value as people read it."""
        return self.rule.words(self.value)


RULES: dict[str, Rule] = {}
_kept: ContextVar[dict | None] = ContextVar("dated", default=None)


def declare(
    key: str, default, *, unit, title, source: str, kind: Callable[[Any], Any] = int, names=(), several: bool = False
) -> Rule:
    """Declare a rule. Declaring the same key with another meaning is a programming error."""
    rule = Rule(key, kind(default), unit, title, source, kind, tuple(names), several)
    if RULES.setdefault(key, rule) != rule:
        raise ValueError(f"The rule {key} is declared twice.")
    return rule


def between(least: int, most: int) -> Callable[[Any], int]:
    """The kind of whole numbers from `least` to `most`."""

    def number(text) -> int:
        if not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return number


def some_of(names) -> Callable[[Any], str]:
    """The kind of rules whose value is one or more keys of `names`, in their order."""

    def keys(text) -> str:
        given = set(str(text).split())
        if not given or given - {key for key, _name in names}:
            raise ValueError(text)
        return " ".join(key for key, _name in names if key in given)

    return keys


def rule(key: str) -> Rule:
    try:
        return RULES[key]
    except KeyError:
        raise UndeclaredRule(key) from None


def value(key: str, day: date):
    """The value of the rule on `day`: the setting of that day, else the declared default."""
    found = rule(key)
    if _kept.get() is None:
        setting = _in_force(day).filter(key=key).first()
        return found.parse(setting.value) if setting else found.default
    settings = settings_of(day)
    return found.parse(settings[key]) if key in settings else found.default


def settings_of(day: date) -> dict[str, str]:
    """What is set for `day` other than declared, by key."""
    cache = _kept.get()
    if cache is None:
        cache = {}
    if day not in cache:
        cache[day] = dict(_in_force(day).values_list("key", "value"))
    return cache[day]


@contextmanager
def kept() -> Iterator[None]:
    """Ask the database once per day, for all rules, within this block: one request, one computation."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def all_rules(day: date) -> list[RuleInForce]:
    """Every declared rule with its value on `day`, by key."""
    settings = {setting.key: setting for setting in _in_force(day)}
    return [
        RuleInForce(rule, rule.parse(setting.value) if setting else rule.default, setting)
        for key, rule in sorted(RULES.items())
        for setting in [settings.get(key)]
    ]


def periods(key: str) -> list[DatedSetting]:
    """Everything ever set for a rule, the newest first."""
    return list(DatedSetting.objects.filter(key=rule(key).key).order_by("-starts_on"))


def _in_force(day: date):
    return DatedSetting.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


@transaction.atomic
def set_value(key: str, value, *, starts_on: date, source: str, by, at: datetime) -> DatedSetting:
    """Let the rule have `value` from `starts_on` until the next period that is already set.

    The period running then ends that day; a period starting that very day is corrected. Raises
    UndeclaredRule, NotAValue, ChangedMeanwhile.
    """
    text = str(rule(key).parse(value))
    rows = list(DatedSetting.objects.select_for_update().filter(key=key).order_by("starts_on"))
    same = next((row for row in rows if row.starts_on == starts_on), None)
    running = next((row for row in reversed(rows) if row.starts_on < starts_on), None)
    before = (same or running).value if same or running else str(rule(key).default)
    try:
        with transaction.atomic():
            if same:
                setting = _correct(same, text, source, by, at)
            else:
                setting = _begin(key, text, starts_on, source, by, at, rows, running)
    except IntegrityError:
        raise ChangedMeanwhile(key) from None
    audit.record(
        "setting.changed",
        on=setting,
        by=by,
        at=at,
        key=key,
        old=before,
        new=text,
        starts_on=starts_on,
        source=source,
    )
    if (cache := _kept.get()) is not None:
        cache.clear()
    return setting


def _correct(setting, text, source, by, at) -> DatedSetting:
    setting.value, setting.source, setting.created_by, setting.created_at = text, source, by, at
    setting.save(update_fields=["value", "source", "created_by", "created_at"])
    return setting


def _begin(key, text, starts_on, source, by, at, rows, running) -> DatedSetting:
    following = next((row for row in rows if row.starts_on > starts_on), None)
    if running and (running.ends_on is None or running.ends_on > starts_on):
        running.ends_on = starts_on
        running.save(update_fields=["ends_on"])
    return DatedSetting.objects.create(
        key=key,
        value=text,
        starts_on=starts_on,
        ends_on=following.starts_on if following else None,
        source=source,
        created_by=by,
        created_at=at,
    )
