"""The product's settings, and an app that tries to leave an optional cookie with every answer."""

from config import settings as _settings
from config.settings import *

INSTALLED_APPS = [*_settings.INSTALLED_APPS, "tests.optional"]
MIDDLEWARE = [*_settings.MIDDLEWARE, "tests.optional.leaving.Leaving"]
