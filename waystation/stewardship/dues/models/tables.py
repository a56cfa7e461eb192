"""Tables of rates that an administrator has set, each from a month on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from waystation.kernel.ids import new_id
from waystation.kernel.money import MoneyField
from waystation.stewardship.dues.rates import Bracket, Category, Rates


class RateTable(models.Model):
    """A table of rates in force from a month until the next table. Law: one table a month, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    starts_on = models.DateField(_("In force from"), unique=True)
    source = models.CharField(_("Basis"), max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def as_rates(self) -> Rates:
        """The table as it is reckoned with. Ask with the lines prefetched."""
        lines = sorted(self.lines.all(), key=lambda line: (line.category, line.over))
        return Rates(self.starts_on, self.source, tuple(line.as_bracket() for line in lines))


class RateLine(models.Model):
    """A row of a table: a share of the whole income, in hundredths of a percent, or an amount between limits."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    table = models.ForeignKey(RateTable, models.PROTECT, related_name="lines")
    category = models.CharField(max_length=16, choices=Category)
    over = MoneyField(default=0)
    up_to = MoneyField(null=True)
    basis_points = models.PositiveSmallIntegerField(null=True)
    least = MoneyField(null=True)
    most = MoneyField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rate_begins_once", fields=["table", "category", "over"]),
            models.CheckConstraint(
                name="rate_is_a_share_or_an_amount",
                condition=Q(basis_points__isnull=False, least=None, most=None)
                | Q(basis_points=None, least__isnull=False, most__isnull=False, least__gte=0, most__gte=F("least")),
            ),
            models.CheckConstraint(
                name="rate_ends_above_where_it_begins",
                condition=Q(over__gte=0) & (Q(up_to=None) | Q(up_to__gt=F("over"))),
            ),
        ]

    def as_bracket(self) -> Bracket:
        return Bracket(self.category, self.over, self.up_to, self.basis_points, self.least, self.most)
