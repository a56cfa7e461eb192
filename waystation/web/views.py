"""Pages that belong to no pillar: language, type size, what this is, and the gallery."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from waystation.accounts.models import User
from waystation.organizations.access import public
from waystation.web import gallery, role_switch
from waystation.web.context import LARGE_TYPE_COOKIE

YEAR = 365 * 24 * 3600


@require_POST
@public("Everybody may choose the language of the page.")
def set_language(request):
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)
    return _remember(_back(request), settings.LANGUAGE_COOKIE_NAME, language)


@require_POST
@public("Everybody may choose the size of the type.")
def set_large_type(request):
    large = request.POST.get("large") == "1"
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(large_type=large)
    return _remember(_back(request), LARGE_TYPE_COOKIE, "1" if large else "0")


@require_safe
@public("The drawing of the site: a browser asks for it beside a file that it shows itself.")
def favicon(request):
    return redirect(static("favicon.svg"))


@require_POST
@public("Exists in the demonstration only, where every record is invented.")
def switch_role(request):
    """Become another invented user."""
    user = role_switch.user_to_become(request.POST.get("user", ""))
    if user is None:
        raise Http404
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("/")


@require_safe
@public("What this is and what it does not promise concerns everybody.")
def about(request):
    return render(request, "web/about.html")


@require_safe
@public("Shows invented data, and answers only outside production.")
def components(request):
    """Every component of the page kit in each of its states."""
    if settings.MODE == "production" and not settings.DEBUG:
        raise Http404
    name = request.GET.get("page", "workbench")
    if name not in gallery.PAGES:
        raise Http404
    template, title = gallery.PAGES[name]
    return render(request, template, {"title": title, **gallery.samples(request)})


def _back(request) -> HttpResponse:
    """To the page that the user comes from, if it is one of ours."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if safe else "/")


def _remember(response, name: str, value: str) -> HttpResponse:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.HTTPS)
    return response
