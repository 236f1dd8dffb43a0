"""The product's settings as they were where nobody knows how to forget again: for the test that nothing opens then."""

from config.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.house.drill.apps.NobodyConfig"]
