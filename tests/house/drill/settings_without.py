"""The product's settings as they are where nobody knows how to forget: for the test that nothing opens then."""

from config.settings import *

INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "troth.privacy"]
