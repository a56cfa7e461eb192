"""One address with a guard and one whose guard was forgotten."""

from django.http import HttpResponse
from django.urls import path

from waystation.organizations.access import public


def forgotten(request):
    return HttpResponse()


@public("a test")
def guarded(request):
    return HttpResponse()


urlpatterns = [path("guarded/", guarded), path("forgotten/", forgotten, name="forgotten")]
