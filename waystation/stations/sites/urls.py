"""Addresses of stations."""

from django.urls import path

from waystation.stations.sites.views import comparison, coverage, functions, hours, rooms, stations

app_name = "sites"
urlpatterns = [
    path("", stations.station_list, name="list"),
    path("export/", stations.export, name="export"),
    path("new/", stations.new, name="new"),
    path("<int:pk>/", stations.station, name="station"),
    path("<int:pk>/edit/", stations.edit, name="edit"),
    path("<int:pk>/changes/", stations.changes, name="changes"),
    path("<int:pk>/poster/", stations.poster, name="poster"),
    path("<int:pk>/hours/", hours.hours, name="hours"),
    path("<int:pk>/special-days/", hours.special_days, name="special-days"),
    path("hours/<uuid:pk>/drop/", hours.drop, name="hours-drop"),
    path("special-days/<uuid:pk>/withdraw/", hours.withdraw_special, name="special-withdraw"),
    path("<int:pk>/rooms/", rooms.rooms, name="rooms"),
    path("<int:pk>/rooms/new/", rooms.new, name="room-new"),
    path("rooms/<uuid:pk>/", rooms.room, name="room"),
    path("rooms/<uuid:pk>/edit/", rooms.edit, name="room-edit"),
    path("rooms/<uuid:pk>/hours/", hours.room_hours, name="room-hours"),
    path("rooms/<uuid:pk>/close/", rooms.close, name="room-close"),
    path("rooms/<uuid:pk>/reopen/", rooms.reopen, name="room-reopen"),
    path("<int:pk>/functions/", functions.functions, name="functions"),
    path("<int:pk>/functions/state/", functions.state, name="functions-state"),
    path("functions/", functions.function_list, name="function-list"),
    path("functions/export/", functions.functions_export, name="functions-export"),
    path("checklist/", functions.checklist, name="checklist"),
    path("checklist/new/", functions.item_new, name="item-new"),
    path("checklist/adopt/", functions.adopt, name="checklist-adopt"),
    path("checklist/<uuid:pk>/edit/", functions.item_edit, name="item-edit"),
    path("checklist/<uuid:pk>/end/", functions.item_end, name="item-end"),
    path("coverage/<int:pk>/", coverage.covered, name="coverage"),
    path("comparison/", comparison.comparison, name="comparison"),
    path("comparison/export/", comparison.export, name="comparison-export"),
]
