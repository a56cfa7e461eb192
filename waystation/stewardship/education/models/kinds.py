"""The kinds of organization life."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What organization life consists of: three meetings and one lecture, the theme day, and what is yearly."""

    MEMBERS = "members", pgettext_lazy("organization life", "Members' meeting")
    COMMITTEE = "committee", pgettext_lazy("organization life", "Committee meeting")
    GROUP = "group", pgettext_lazy("organization life", "Group meeting")
    LECTURE = "lecture", pgettext_lazy("organization life", "Party lecture")
    THEME_DAY = "theme_day", pgettext_lazy("organization life", "Theme Party day")
    LIFE = "life", pgettext_lazy("organization life", "Organization life meeting")
    APPRAISAL = "appraisal", pgettext_lazy("organization life", "Democratic appraisal")
    STUDY = "study", pgettext_lazy("organization life", "Joint study")
    CLASS = "class", pgettext_lazy("organization life", "Training class")
