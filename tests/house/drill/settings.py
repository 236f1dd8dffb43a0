"""The product's settings, with media that belong to people: the product has none yet.

The drill comes first: the rows that say whose media they are go with the product's own forgetting.
"""

from config.settings import *

INSTALLED_APPS = ["tests.house.drill", *INSTALLED_APPS]
