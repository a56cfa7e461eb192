"""Addresses of dues."""

from django.urls import path

from waystation.stewardship.dues.views import exports, lists, members, rates, reductions

app_name = "dues"
urlpatterns = [
    path("", lists.dues_list, name="list"),
    path("export/", exports.export, name="export"),
    path("month/", lists.branch_month, name="branch-month"),
    path("rates/", rates.rates, name="rates"),
    path("rates/new/", rates.rates_new, name="rates-new"),
    path("reductions/", reductions.reduction_list, name="reduction-list"),
    path("reductions/<uuid:pk>/", reductions.reduction, name="reduction"),
    path("reductions/<uuid:pk>/end/", reductions.end, name="reduction-end"),
    path("reductions/<uuid:pk>/approve/", reductions.approve, name="reduction-approve"),
    path("reductions/<uuid:pk>/refuse/", reductions.refuse, name="reduction-refuse"),
    path("entries/<uuid:pk>/reverse/", members.reverse_entry, name="entry-reverse"),
    path("bases/<uuid:pk>/withdraw/", members.base_withdraw, name="base-withdraw"),
    path("<uuid:pk>/", members.person, name="person"),
    path("<uuid:pk>/record/", members.record, name="record"),
    path("<uuid:pk>/base/", members.base_new, name="base-new"),
    path("<uuid:pk>/reduction/", members.reduction_new, name="reduction-new"),
]
