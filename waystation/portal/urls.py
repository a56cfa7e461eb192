"""Addresses of members and visitors. Short, because some are printed and typed."""

from django.urls import path

from waystation.portal import mine, views

app_name = "portal"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("file/", mine.my_file, name="my-file"),
    path("file/show/<slug:field>/", mine.show, name="show"),
    path("card/", mine.my_card, name="my-card"),
    path("looked/", mine.looked, name="looked"),
    path("r/<str:token>/", views.arrive, name="arrive"),
    path("done/<str:token>/", views.arrived, name="arrived"),
    path("c/<str:token>/", views.card, name="card"),
]
