"""waystation match COUNTY --user NAME"""

from django.core.management.base import BaseCommand, CommandError

from waystation.organizations.permissions import Permission
from waystation.organizations.queries import county_of
from waystation.stewardship.rosters import terminal
from waystation.stewardship.rosters.actions import matching
from waystation.stewardship.rosters.models import MatchCandidate


class Command(BaseCommand):
    help = "Reconcile what is pending in a county and print the count of each lane."

    def add_arguments(self, parser):
        parser.add_argument("county", help="code or name of the county, or of a unit in it")
        parser.add_argument("--user", required=True, help="user name of the person in whose name this happens")

    def handle(self, *, county, user, **options):
        by = terminal.acting_user(user)
        unit = terminal.unit_within(by, Permission.MATCH_VIEW, county)
        place = county_of(unit)
        if place is None:
            raise CommandError("Matching runs county by county; name one.")
        job = terminal.run_with_bar(matching.start_match(place, by=by, at=terminal.now()), place.name)
        for lane, label in MatchCandidate.Lane.choices:
            self.stdout.write(f"{label}: {job.result.get(lane, 0)}")
