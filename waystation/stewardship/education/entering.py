"""Where groups find the form of an occasion that their leader suggested."""

from django.urls import reverse

from waystation.stewardship.groups import entering
from waystation.stewardship.groups.models import SuggestedActivity


@entering.register
def form_of(suggested: SuggestedActivity) -> str:
    """The form of a new occasion, filled in with what was suggested."""
    return f"{reverse('education:occasion-new')}?suggested={suggested.pk}"
