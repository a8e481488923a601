"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from portal import rooms

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
# A server is started without the system check of ``manage.py``, and must not answer when that would fail.
rooms.require_whole()
