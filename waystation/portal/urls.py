"""Addresses of members and visitors. Short, because some are printed and typed."""

from django.urls import path

from waystation.portal import dues, duties, duty_sheets, groups, learning, mine, stations, views, weekly

app_name = "portal"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("file/", mine.my_file, name="my-file"),
    path("file/show/<slug:field>/", mine.show, name="show"),
    path("card/", mine.my_card, name="my-card"),
    path("looked/", mine.looked, name="looked"),
    path("stations/", stations.stations, name="stations"),
    path("stations/<int:pk>/", stations.station, name="station"),
    path("learning/", learning.learning, name="learning"),
    path("learning/new/", learning.report, name="learning-new"),
    path("dues/", dues.my_dues, name="my-dues"),
    path("duties/", duties.my_duties, name="my-duties"),
    path("groups/", groups.my_groups, name="my-groups"),
    path("groups/<uuid:pk>/", groups.my_group, name="my-group"),
    path("groups/<uuid:pk>/suggest/", groups.suggest, name="my-group-suggest"),
    path("r/<str:token>/", views.arrive, name="arrive"),
    path("done/<str:token>/", views.arrived, name="arrived"),
    path("c/<str:token>/", views.card, name="card"),
    path("d/<str:token>/", duty_sheets.duty_sheet, name="duty-sheet"),
    path("contacts/", mine.my_contacts, name="my-contacts"),
    path("w/<str:token>/", weekly.weekly, name="weekly"),
]
