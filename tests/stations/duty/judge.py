"""The hard rules of a rota, written down once more for the tests and without any of the product's code for them."""

from datetime import timedelta
from itertools import pairwise

from waystation.stations.duty.models import Leave, Turn

REST = timedelta(hours=11)
RUNNING = 6


def faults_of(station) -> list[str]:
    """Every live turn that breaks a hard rule. Leave that was granted after the turn is no fault of the rota."""
    found, by_user = [], {}
    for turn in Turn.objects.live().select_related("shift", "posting", "user"):
        by_user.setdefault(turn.user_id, []).append(turn)
    for turns in by_user.values():
        turns.sort(key=lambda turn: turn.shift.starts_at)
        found += _one_person(turns)
    return found


def _one_person(turns) -> list[str]:
    found = []
    for turn in turns:
        shift, posting = turn.shift, turn.posting
        if posting.station_id != shift.station_id:
            found.append("another station")
        if shift.day < posting.starts_on or (posting.ends_on and shift.day >= posting.ends_on):
            found.append("not posted")
        if shift.windows and not set(shift.windows) & set(posting.windows):
            found.append("no window")
        away = Leave.objects.filter(
            posting=posting, state="granted", starts_on__lte=shift.day, ends_on__gt=shift.day,
            decided_at__lt=turn.changed_at,
        )  # fmt: skip
        if away.exists():
            found.append("on leave")
    for one, other in pairwise(turns):
        if other.shift.starts_at < one.shift.ends_at:
            found.append("two at once")
        elif one.shift.day != other.shift.day and other.shift.starts_at - one.shift.ends_at < REST:
            found.append("no rest")
    return found + _counts(turns)


def _counts(turns) -> list[str]:
    found, weeks, months = [], {}, {}
    for turn in turns:
        day = turn.shift.day
        weeks.setdefault((turn.posting_id, day.isocalendar()[:2]), []).append(turn)
        months.setdefault((turn.posting_id, day.year, day.month), []).append(turn)
    found += ["week" for held in weeks.values() if len(held) > held[0].posting.most_week]
    found += ["month" for held in months.values() if len(held) > held[0].posting.most_month]
    days = sorted({turn.shift.day for turn in turns})
    for first in days:
        if all(first + timedelta(days=number) in days for number in range(RUNNING + 1)):
            found.append("too long")
    return found
