from django.urls import path

from waystation.web import audit_views, job_views, rule_views, user_views, views
from waystation.web.desk import desk

app_name = "web"
urlpatterns = [
    path("", desk, name="desk"),
    path("jobs/", job_views.job_list, name="jobs"),
    path("jobs/<uuid:pk>/", job_views.job, name="job"),
    path("jobs/<uuid:pk>/cancel/", job_views.job_cancel, name="job-cancel"),
    path("jobs/<uuid:pk>/retry/", job_views.job_retry, name="job-retry"),
    path("users/", user_views.user_list, name="user-list"),
    path("users/new/", user_views.user_new, name="user-new"),
    path("users/<uuid:pk>/", user_views.user_edit, name="user-edit"),
    path("users/<uuid:pk>/disable/", user_views.user_disable, name="user-disable"),
    path("users/<uuid:pk>/enable/", user_views.user_enable, name="user-enable"),
    path("users/<uuid:pk>/unlock/", user_views.user_unlock, name="user-unlock"),
    path("users/<uuid:pk>/reset/", user_views.user_reset, name="user-reset"),
    path("users/<uuid:pk>/factor/", user_views.user_remove_factor, name="user-remove-factor"),
    path("rules/", rule_views.settings_page, name="settings"),
    path("rules/<str:key>/", rule_views.setting_edit, name="setting-edit"),
    path("audit/", audit_views.trail, name="audit"),
    path("audit/export/", audit_views.export, name="audit-export"),
    path("language/", views.set_language, name="set-language"),
    path("large-type/", views.set_large_type, name="set-large-type"),
    path("role/", views.switch_role, name="switch-role"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("about/", views.about, name="about"),
    path("ui/", views.components, name="gallery"),
]
