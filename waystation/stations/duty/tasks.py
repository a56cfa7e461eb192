"""Jobs and rounds of duty: fetch by id, call one action."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waystation.kernel import jobs
from waystation.stations.duty.actions import handovers, rotas
from waystation.stations.duty.models import Rota


@jobs.job(rotas.MAKE_ROTA, title=_("Draw up a rota"))
def make_rota(job, beat):
    """Staff the shifts of a month."""
    rota = Rota.objects.select_related("station").get(pk=job.args["rota"])
    beat(0, 1)
    made = rotas.make_rota(rota, by=job.created_by, at=timezone.now())
    return {**made, "url": f"{reverse('duty:rota')}?station={rota.station_id}&month={rota.month:%Y-%m}"}


@jobs.every(600, "give back the items of missed shifts")
def return_missed(at):
    """Nobody came to a shift: what it was to take is the unit's again."""
    return handovers.return_missed(at=at)
