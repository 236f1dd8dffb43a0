"""Django, as WSGI: it costs a fraction of what it costs under ASGI (docs/decisions/0004-django-as-wsgi.md)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
