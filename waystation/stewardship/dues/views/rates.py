"""The tables of rates: in force, those before, and another from a month on."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import permissions_of, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues import actions, queries
from waystation.stewardship.dues.forms import RatesForm
from waystation.stewardship.dues.months import month_of

P = Permission


@requires(P.RULE_VIEW)
@require_safe
def rates(request):
    """Every table with its source, the one in force marked; everybody may read where a number comes from."""
    tables = queries.tables()
    context = {
        "tables": tables.rows,
        "current": tables.on(month_of(timezone.localdate())),
        "may_set": P.RULE_MANAGE in permissions_of(request.user),
    }
    return render(request, "dues/rates.html", context)


@requires(P.RULE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def rates_new(request):
    """Another table from a month on; what was owed before stays as it was."""
    form = RatesForm(request.POST or None, rates=queries.tables().rows[0])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.adopt_rates(
                form.brackets(), starts_on=given["starts_on"], source=given["source"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except actions.DuesRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The table is set."))
            return redirect("dues:rates")
    return render(request, "dues/rates_new.html", {"form": form})
