"""Addresses of grids."""

from django.urls import path

from waystation.stewardship.grids import views

app_name = "grids"
urlpatterns = [
    path("", views.grid_list, name="list"),
    path("new/", views.new, name="new"),
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/accept/", views.accept, name="accept"),
    path("proposals/assign/", views.assign, name="assign"),
    path("<int:pk>/", views.grid, name="grid"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/leader/", views.leader, name="leader"),
    path("<int:pk>/vacate/", views.vacate, name="vacate"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/move/", views.move, name="move"),
]
