"""Jobs of the rosters: fetch by id, call one action."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.kernel.jobs import job
from waystation.organizations.queries import county_of
from waystation.stewardship.rosters.actions import bulk, committing, importing, matching
from waystation.stewardship.rosters.models import Import, MatchRun


@job("import.check", title=_("Check a roster"))
def check(job, beat):
    """Read and judge every row of an import."""
    batch = Import.objects.select_related("unit", "station", "file").get(pk=job.args["import"])
    return importing.check_rows(batch, beat=beat)


@job("import.commit", title=_("Commit a roster"))
def commit(job, beat):
    """Write the good rows, then look for pairs in the county."""
    batch = Import.objects.select_related("unit", "station", "file", "committed_by").get(pk=job.args["import"])
    counts = committing.commit_rows(batch, by=batch.committed_by, beat=beat)
    county = county_of(batch.station or batch.unit)
    if county is not None and not MatchRun.objects.filter(county=county, job__state="queued").exists():
        matching.start_match(county, by=batch.committed_by, at=timezone.now())
    return counts


@job("match.run", title=_("Reconcile the two sides"))
def match(job, beat):
    """Match what is pending in a county."""
    run = MatchRun.objects.select_related("county").get(pk=job.args["run"])
    return matching.run_match(run, at=timezone.now(), progress=lambda share: beat(round(share * 100), 100))


@job(bulk.KIND, title=_("Confirm pairs"), priority=10)
def confirm_pairs(job, beat):
    """Confirm many pairs of the matched lane for one side."""
    return bulk.run_bulk(job, beat=beat)
