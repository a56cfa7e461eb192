"""Addresses of contacts."""

from django.urls import path

from waystation.stewardship.contacts.views import care, exports, links, log, lost, weekly

app_name = "contacts"
urlpatterns = [
    path("", log.quiet, name="list"),
    path("log/", log.log, name="log"),
    path("new/", log.new, name="new"),
    path("meeting/", log.meeting, name="meeting"),
    path("export/<slug:ledger>/", exports.export, name="export"),
    path("of/<uuid:pk>/", log.person, name="person"),
    path("entry/<uuid:pk>/", log.contact, name="contact"),
    path("entry/<uuid:pk>/strike/", log.strike, name="strike"),
    path("entry/<uuid:pk>/reveal/", log.reveal, name="reveal"),
    path("visits/", care.visits, name="visit-list"),
    path("excused/", care.excuses, name="excuse-list"),
    path("excused/new/", care.excuse_new, name="excuse-new"),
    path("excused/<uuid:pk>/", care.excuse, name="excuse"),
    path("excused/<uuid:pk>/renew/", care.excuse_renew, name="excuse-renew"),
    path("excused/<uuid:pk>/end/", care.excuse_end, name="excuse-end"),
    path("excused/<uuid:pk>/reveal/", care.excuse_reveal, name="excuse-reveal"),
    path("lost/", lost.lost_list, name="lost-list"),
    path("lost/new/", lost.report, name="lost-new"),
    path("lost/<uuid:pk>/", lost.case, name="lost"),
    path("lost/<uuid:pk>/paper/", lost.paper, name="lost-paper"),
    path("lost/<uuid:pk>/step/", lost.step, name="lost-step"),
    path("lost/<uuid:pk>/suspend/", lost.suspend, name="lost-suspend"),
    path("lost/<uuid:pk>/remove/", lost.remove, name="lost-remove"),
    path("lost/<uuid:pk>/found/", lost.found, name="lost-found"),
    path("lost/<uuid:pk>/mistaken/", lost.mistaken, name="lost-mistaken"),
    path("weekly/", weekly.weekly, name="weekly"),
    path("weekly/mark/", weekly.mark, name="weekly-mark"),
    path("weekly/numbers/", weekly.numbers, name="weekly-numbers"),
    path("weekly/worker.js", weekly.worker, name="weekly-worker"),
    path("links/", links.link_list, name="link-list"),
    path("links/new/", links.link_new, name="link-new"),
    path("links/<uuid:pk>/revoke/", links.link_revoke, name="link-revoke"),
]
