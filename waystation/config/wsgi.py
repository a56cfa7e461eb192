"""The WSGI entry of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waystation.config.settings")
application = get_wsgi_application()

# Every page is loaded before the first is asked for. What is loaded now stays until the end: the collector need not
# walk through it again and again.
get_resolver().url_patterns  # noqa: B018 - to ask for them loads them
gc.collect()
gc.freeze()
