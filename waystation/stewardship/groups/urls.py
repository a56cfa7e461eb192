"""Addresses of functional groups."""

from django.urls import path

from waystation.stewardship.groups.views import activities, exports, lists, managing, suggested

app_name = "groups"
urlpatterns = [
    path("", lists.group_list, name="list"),
    path("new/", managing.new, name="new"),
    path("proposals/", managing.proposals, name="proposals"),
    path("proposals/accept/", managing.accept, name="accept"),
    path("export/", exports.groups, name="export"),
    path("<uuid:pk>/", lists.group, name="group"),
    path("<uuid:pk>/edit/", managing.edit, name="edit"),
    path("<uuid:pk>/join/", managing.join, name="join"),
    path("<uuid:pk>/leave/", managing.leave, name="leave"),
    path("<uuid:pk>/leader/", managing.leader, name="leader"),
    path("<uuid:pk>/close/", managing.close, name="close"),
    path("<uuid:pk>/merge/", managing.merge, name="merge"),
    path("<uuid:pk>/plan/", activities.plan, name="plan"),
    path("<uuid:pk>/export/", exports.members, name="export-members"),
    path("activities/<uuid:pk>/", activities.activity, name="activity"),
    path("activities/<uuid:pk>/cancel/", activities.cancel, name="activity-cancel"),
    path("suggested/<uuid:pk>/", suggested.suggested, name="suggested"),
    path("suggested/<uuid:pk>/take-up/", suggested.take, name="suggested-take"),
    path("suggested/<uuid:pk>/decline/", suggested.decline, name="suggested-decline"),
]
