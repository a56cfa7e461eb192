"""Addresses of stations."""

from django.urls import path

from waystation.stations.sites import views

app_name = "sites"
urlpatterns = [
    path("", views.station_list, name="list"),
    path("open/", views.public_list, name="public-list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.station, name="station"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/poster/", views.poster, name="poster"),
]
