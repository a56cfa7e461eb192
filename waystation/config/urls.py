"""Every address of the site."""

from django.urls import include, path

urlpatterns = [
    path("", include("waystation.web.urls")),
    path("accounts/", include("waystation.accounts.urls")),
    path("organizations/", include("waystation.organizations.urls")),
    path("stations/", include("waystation.stations.sites.urls")),
    path("people/", include("waystation.stewardship.people.urls")),
    path("rosters/", include("waystation.stewardship.rosters.urls")),
    path("grids/", include("waystation.stewardship.grids.urls")),
    path("m/", include("waystation.portal.urls")),
]

handler400 = "waystation.web.errors.bad_request"
handler403 = "waystation.web.errors.permission_denied"
handler404 = "waystation.web.errors.not_found"
handler500 = "waystation.web.errors.server_error"
