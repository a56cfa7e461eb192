"""Rules with a date: numbers that change by decree, each with its period and its source."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import permissions_of, requires
from waystation.organizations.permissions import Permission
from waystation.web.forms import RuleForm

P = Permission


@requires(P.RULE_VIEW)
@require_safe
def settings_page(request):
    """Every rule as it holds today; everybody may read where a number comes from."""
    context = {
        "rules": dated.all_rules(timezone.localdate()),
        "may_set": P.RULE_MANAGE in permissions_of(request.user),
    }
    return render(request, "web/settings.html", context)


@requires(P.RULE_MANAGE)
@idempotent
def setting_edit(request, key):
    """Another value from a day on. What held before stays in the list."""
    try:
        rule = dated.rule(key)
    except dated.UndeclaredRule:
        raise Http404 from None
    form = RuleForm(request.POST or None, rule=rule)
    if request.method == "POST" and form.is_valid():
        try:
            dated.set_value(key, by=request.user, at=timezone.now(), **form.cleaned_data)
        except dated.ChangedMeanwhile:
            form.add_error(None, _("Somebody else has just set this rule. Look again."))
        else:
            toast(request, _("The rule is set."))
            return redirect("web:settings")
    context = {
        "form": form,
        "rule": rule,
        "value": f"{rule.words(dated.value(key, timezone.localdate()))} {rule.unit}".strip(),
        "usual": rule.words(rule.default),
        "periods": [(one, rule.words(one.value)) for one in dated.periods(key)],
    }
    return render(request, "web/setting_edit.html", context)
