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
    path("duty/", include("waystation.stations.duty.urls")),
    path("funds/", include("waystation.stations.funds.urls")),
    path("duties/", include("waystation.stewardship.duties.urls")),
    path("contacts/", include("waystation.stewardship.contacts.urls")),
    path("groups/", include("waystation.stewardship.groups.urls")),
    path("formalities/", include("waystation.stewardship.formalities.urls")),
    path("dues/", include("waystation.stewardship.dues.urls")),
    path("education/", include("waystation.stewardship.education.urls")),
    path("appraisals/", include("waystation.stewardship.appraisals.urls")),
    path("m/", include("waystation.portal.urls")),
]

handler400 = "waystation.web.errors.bad_request"
handler403 = "waystation.web.errors.permission_denied"
handler404 = "waystation.web.errors.not_found"
handler500 = "waystation.web.errors.server_error"
