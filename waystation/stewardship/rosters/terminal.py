"""What the commands of the rosters share: finding units and users by what is typed, and a progress bar."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from waystation.accounts.models import User
from waystation.kernel.jobs import run_inline
from waystation.kernel.models import Job
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission


def acting_user(username: str) -> User:
    """The user in whose name the command acts; their mandates hold here as on the pages."""
    try:
        return User.objects.get(username=username, is_active=True)
    except User.DoesNotExist:
        raise CommandError(f"There is no active user {username}.") from None


def unit_within(user: User, permission: Permission, words: str) -> Unit:
    """The one unit in the user's reach with this code or name."""
    reach = Reach.of(user, permission)
    if not reach:
        raise CommandError(f"{user.username} may not do this anywhere.")
    units = Unit.objects.within(reach).active()
    found = list(units.filter(code=words)[:2]) or list(units.filter(name=words)[:2])
    if not found:
        raise CommandError(f"There is no unit {words} in the reach of {user.username}.")
    if len(found) > 1:
        raise CommandError(f"Several units are called {words}; give the code.")
    return found[0]


def run_with_bar(job: Job, label: str) -> Job:
    """Run the job here with a progress bar; a failure ends the command with the job's sentence."""
    with tqdm(total=None, desc=label, unit="", dynamic_ncols=True) as bar:

        def watch(done: int, total: int) -> None:
            bar.total = total
            bar.n = min(done, total)
            bar.refresh()

        job = run_inline(job, watch=watch)
    if job.state != Job.State.DONE:
        raise CommandError(job.error or "The work stopped; run the command again to go on.")
    return job


def now():
    return timezone.now()
