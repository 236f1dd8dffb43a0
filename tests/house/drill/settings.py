"""The product's settings, with the drill's own way to forget people."""

from config.settings import *

INSTALLED_APPS += ["tests.house.drill"]
