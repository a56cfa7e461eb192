"""Addresses of the tree, the mandates and the policy."""

from django.urls import path

from waystation.organizations import mandate_views, views

app_name = "organizations"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("options/", views.unit_options, name="unit-options"),
    path("new/", views.unit_new, name="unit-new"),
    path("<int:pk>/", views.unit, name="unit"),
    path("<int:pk>/children/", views.children, name="children"),
    path("<int:pk>/rename/", views.unit_rename, name="unit-rename"),
    path("<int:pk>/contacts/", views.unit_contacts, name="unit-contacts"),
    path("<int:pk>/move/", views.unit_move, name="unit-move"),
    path("<int:pk>/close/", views.unit_close, name="unit-close"),
    path("mandates/", mandate_views.mandate_list, name="mandate-list"),
    path("mandates/new/", mandate_views.mandate_new, name="mandate-new"),
    path("mandates/<int:pk>/end/", mandate_views.mandate_end, name="mandate-end"),
    path("policy/", views.policy_page, name="policy"),
]
