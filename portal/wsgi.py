"""WSGI entry point."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from portal import rooms

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
# A server is started without the system check of ``manage.py``, and must not answer when that would fail.
rooms.require_whole()
# By itself it would start up to 512 threads, each with a connection, and fill the database.
if "granian" in sys.modules and not settings.WEB_THREADS:
    raise ImproperlyConfigured("Start the web server by «manage.py web», which bounds its threads and connections.")
