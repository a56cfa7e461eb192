"""Addresses of grids."""

from django.urls import path

from waystation.stewardship.grids.views import exports, lists, placing, shaping

app_name = "grids"
urlpatterns = [
    path("", lists.grid_list, name="list"),
    path("export/", exports.grids, name="export"),
    path("map/", lists.station_map, name="map"),
    path("new/", shaping.new, name="new"),
    path("proposals/", placing.proposals, name="proposals"),
    path("proposals/accept/", placing.accept, name="accept"),
    path("proposals/assign/", placing.assign, name="assign"),
    path("<int:pk>/", lists.grid, name="grid"),
    path("<int:pk>/edit/", shaping.edit, name="edit"),
    path("<int:pk>/leader/", shaping.leader, name="leader"),
    path("<int:pk>/vacate/", shaping.vacate, name="vacate"),
    path("<int:pk>/split/", shaping.split, name="split"),
    path("<int:pk>/merge/", shaping.merge, name="merge"),
    path("<int:pk>/close/", shaping.close, name="close"),
    path("<int:pk>/move/", placing.move, name="move"),
]
