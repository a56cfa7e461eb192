from django.urls import path

from waystation.stewardship.people.views import (
    arrivals,
    cards,
    changes,
    departures,
    exports,
    files,
    lists,
    merging,
)

app_name = "people"
urlpatterns = [
    path("", lists.people, name="list"),
    path("search/", lists.search, name="search"),
    path("units/", lists.unit_options, name="unit-options"),
    path("cards/", cards.sheet, name="card-sheet"),
    path("export/<slug:ledger>/", exports.export, name="export-ledger"),
    path("export/", exports.export, name="export"),
    path("made/<uuid:pk>/", exports.made_file, name="made-file"),
    path("departures/", departures.departures, name="departure-list"),
    path("departures/new/", departures.register, name="departure-new"),
    path("departures/<uuid:pk>/", departures.departure, name="departure"),
    path("departures/<uuid:pk>/cancel/", departures.cancel, name="departure-cancel"),
    path("departures/<uuid:pk>/refuse/", departures.refuse, name="departure-refuse"),
    path("departures/<uuid:pk>/return/", departures.return_home, name="departure-return"),
    path("arrivals/", arrivals.arrivals, name="arrival-list"),
    path("arrivals/new/", arrivals.register, name="arrival-new"),
    path("arrivals/<uuid:pk>/", arrivals.arrival, name="arrival"),
    path("arrivals/<uuid:pk>/refuse/", arrivals.refuse, name="arrival-refuse"),
    path("stays/<uuid:pk>/end/", changes.end_stay, name="stay-end"),
    path("merges/<uuid:pk>/undo/", merging.undo, name="merge-undo"),
    path("<uuid:pk>/", files.file, name="file"),
    path("<uuid:pk>/reveal/<slug:field>/", files.reveal, name="reveal"),
    path("<uuid:pk>/correct/", changes.correct, name="correct"),
    path("<uuid:pk>/correct/<slug:field>/", changes.correct, name="correct-field"),
    path("<uuid:pk>/merge/", merging.merge, name="merge"),
    path("<uuid:pk>/<slug:section>/", files.file, name="file-section"),
]
