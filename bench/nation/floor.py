"""The floor: a bare Django site over the same tables and server, with the session and the user of a signed-in page.

Served by gunicorn with DJANGO_SETTINGS_MODULE=bench.nation.floor_settings.
"""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from waystation.kernel.fields import prefix_q
from waystation.stewardship.people.models import Person

ROWS = engines["django"].from_string(
    "<p>{{ user }}</p><table>{% for one in people %}<tr><td>{{ one.full_name }}</td><td>{{ one.born }}</td>"
    "<td>{{ one.trade }}</td><td>{{ one.phone_mask }}</td></tr>{% endfor %}</table>"
)


def people(request, place):
    """The first 25 people whose home lies in the place, as a table."""
    found = Person.objects.filter(prefix_q("home_path", place)).order_by("home_path")[:25]
    return HttpResponse(ROWS.render({"people": found, "user": request.user.pk}))


urlpatterns = [path("people/<str:place>", people)]
