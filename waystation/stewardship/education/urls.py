"""Addresses of education."""

from django.urls import path

from waystation.stewardship.education.views import compliance, exports, learning, occasions, packs, papers, plans

app_name = "education"
urlpatterns = [
    path("", occasions.occasion_list, name="list"),
    path("occasions/new/", occasions.occasion_new, name="occasion-new"),
    path("occasions/<uuid:pk>/", occasions.occasion, name="occasion"),
    path("occasions/<uuid:pk>/edit/", occasions.occasion_edit, name="occasion-edit"),
    path("occasions/<uuid:pk>/mark/", occasions.occasion_mark, name="occasion-mark"),
    path("occasions/<uuid:pk>/add/", occasions.occasion_add, name="occasion-add"),
    path("occasions/<uuid:pk>/close/", occasions.occasion_close, name="occasion-close"),
    path("occasions/<uuid:pk>/same/", occasions.occasion_same, name="occasion-same"),
    path("occasions/<uuid:pk>/cancel/", occasions.occasion_cancel, name="occasion-cancel"),
    path("occasions/<uuid:pk>/sign-in/", papers.sign_in, name="occasion-sign-in"),
    path("occasions/<uuid:pk>/record/", papers.record, name="occasion-record"),
    path("lines/<uuid:pk>/", occasions.line, name="line"),
    path("plans/", plans.plan_list, name="plan-list"),
    path("plans/new/", plans.plan_new, name="plan-new"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("plans/<uuid:pk>/approve/", plans.plan_approve, name="plan-approve"),
    path("plans/<uuid:pk>/copy/", plans.plan_copy, name="plan-copy"),
    path("plans/<uuid:pk>/items/new/", plans.item_new, name="item-new"),
    path("items/<uuid:pk>/", plans.item, name="item"),
    path("items/<uuid:pk>/drop/", plans.item_drop, name="item-drop"),
    path("items/<uuid:pk>/sign-in/", papers.item_sign_in, name="item-sign-in"),
    path("compliance/", compliance.overview, name="compliance"),
    path("units/<int:pk>/", compliance.unit, name="unit"),
    path("learning/", learning.learning, name="learning"),
    path("people/<uuid:pk>/", learning.person, name="person"),
    path("people/<uuid:pk>/records/new/", learning.record_new, name="record-new"),
    path("records/<uuid:pk>/take-back/", learning.record_take_back, name="record-take-back"),
    path("reported/", learning.claims, name="claims"),
    path("reported/<uuid:pk>/confirm/", learning.claim_confirm, name="claim-confirm"),
    path("reported/<uuid:pk>/refuse/", learning.claim_refuse, name="claim-refuse"),
    path("brought-home/", packs.pack_list, name="pack-list"),
    path("brought-home/new/", packs.pack_new, name="pack-new"),
    path("brought-home/<uuid:pk>/", packs.pack, name="pack"),
    path("brought-home/<uuid:pk>/add/", packs.pack_add, name="pack-add"),
    path("brought-home/<uuid:pk>/sheet/", exports.pack_sheet, name="pack-sheet"),
    path("deliveries/<uuid:pk>/", packs.delivery, name="delivery"),
    path("deliveries/<uuid:pk>/call-off/", packs.delivery_off, name="delivery-off"),
    path("export/<slug:table>/", exports.export, name="export"),
]
