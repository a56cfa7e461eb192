"""Addresses of duties."""

from django.urls import path

from waystation.stewardship.duties.views import changes, sheets, transfers

app_name = "duties"
urlpatterns = [
    path("", sheets.sheet_list, name="list"),
    path("export/", sheets.export, name="export"),
    path("<uuid:pk>/", sheets.sheet, name="sheet"),
    path("<uuid:pk>/paper/", sheets.paper, name="paper"),
    path("<uuid:pk>/propose/", changes.propose, name="propose"),
    path("<uuid:pk>/transfer/", transfers.ask, name="transfer-new"),
    path("proposals/<uuid:pk>/agree/<slug:agreeing>/", changes.agree, name="agree"),
    path("proposals/<uuid:pk>/refuse/", changes.refuse, name="refuse"),
    path("proposals/<uuid:pk>/withdraw/", changes.withdraw, name="withdraw"),
    path("transfers/<uuid:pk>/accept/", transfers.accept, name="transfer-accept"),
    path("transfers/<uuid:pk>/refuse/", transfers.refuse, name="transfer-refuse"),
    path("transfers/<uuid:pk>/withdraw/", transfers.withdraw, name="transfer-withdraw"),
]
