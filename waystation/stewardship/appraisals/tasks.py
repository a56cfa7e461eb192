"""Jobs of appraisals: fetch by id, call one action."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from waystation.kernel.jobs import JobRefused, job
from waystation.stewardship.appraisals.actions import opening
from waystation.stewardship.appraisals.actions.errors import AppraisalRefused


@job(opening.KIND, title=_("Open a round of appraisal"), priority=10)
def open_round(job, beat):
    """Open a round with many members."""
    # What the units are asked to do is written in the language of whoever opens the round.
    with translation.override(job.args["language"]):
        try:
            held = opening.run_opening(job, beat=beat)
        except AppraisalRefused as refusal:
            raise JobRefused(str(refusal)) from None
        return {"url": reverse("appraisals:round", args=[held.pk])}
