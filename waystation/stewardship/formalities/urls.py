"""Addresses of formalities."""

from django.urls import path

from waystation.stewardship.formalities.views import cards, transfers

app_name = "formalities"
urlpatterns = [
    path("transfers/", transfers.transfer_list, name="transfer-list"),
    path("transfers/export/", transfers.export, name="transfer-export"),
    path("transfers/new/<uuid:pk>/", transfers.new, name="transfer-new"),
    path("transfers/<uuid:pk>/", transfers.transfer, name="transfer"),
    path("transfers/<uuid:pk>/letter/", transfers.letter, name="transfer-letter"),
    path("transfers/<uuid:pk>/receive/", transfers.receive, name="transfer-receive"),
    path("transfers/<uuid:pk>/withdraw/", transfers.withdraw, name="transfer-withdraw"),
    path("cards/", cards.card_list, name="card-list"),
    path("cards/export/", cards.export, name="card-export"),
    path("cards/check/", cards.check, name="card-check"),
    path("cards/new/<uuid:pk>/", cards.new, name="card-new"),
    path("cards/<uuid:pk>/", cards.card, name="card"),
    path("cards/<uuid:pk>/lost/", cards.lost, name="card-lost"),
    path("cards/<uuid:pk>/withdraw/", cards.withdraw, name="card-withdraw"),
]
