"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from portal import rooms

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
# ``manage.py`` sees to this by its system check; a server that is started without it must not answer either.
rooms.require_whole()
