from django.urls import path, register_converter

from waystation.stewardship.rosters.views import board, bulk, common, downloads, imports, pairs

app_name = "rosters"


class SideConverter:
    """The two ends of a pair."""

    regex = "origin|station"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(SideConverter, "side")

urlpatterns = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/", imports.import_new, name="import-new"),
    path("imports/sample/", downloads.import_sample, name="import-sample"),
    path("imports/<uuid:pk>/", imports.import_page, name="import"),
    path("imports/<uuid:pk>/columns/", imports.import_columns, name="import-columns"),
    path("imports/<uuid:pk>/wrong/", downloads.import_wrong, name="import-wrong"),
    path("imports/<uuid:pk>/commit/", imports.import_commit, name="import-commit"),
    path("imports/<uuid:pk>/retry/", imports.import_retry, name="import-retry"),
    path("imports/<uuid:pk>/undo/", imports.import_undo, name="import-undo"),
    path("progress/<uuid:pk>/", common.progress, name="progress"),
    path("board/", board.board, name="board"),
    path("board/match/", board.match_run, name="match-run"),
    path("board/export/", downloads.board_export, name="board-export"),
    path("board/confirm/", bulk.bulk_confirm, name="bulk-confirm"),
    path("board/confirm/<uuid:pk>/", bulk.bulk_report, name="bulk"),
    path("board/pairs/<uuid:pk>/", pairs.pair, name="pair"),
    path("board/pairs/<uuid:pk>/confirm/", pairs.pair_confirm, name="pair-confirm"),
    path("board/pairs/<uuid:pk>/withdraw/", pairs.pair_withdraw, name="pair-withdraw"),
    path("board/pairs/<uuid:pk>/reject/", pairs.pair_reject, name="pair-reject"),
    path("board/pairs/<uuid:pk>/reopen/", pairs.pair_reopen, name="pair-reopen"),
    path("board/pairs/<uuid:pk>/override/", pairs.pair_override, name="pair-override"),
    path("board/pairs/<uuid:pk>/follow-up/", pairs.follow_up, name="follow-up"),
    path("board/pairs/<uuid:pk>/reveal/<side:side>/<slug:field>/", pairs.pair_reveal, name="pair-reveal"),
]
