"""Libraries that are asked for now and then are not loaded before: each costs memory in every process, for as long as it runs."""

import subprocess
import sys

from config.home import CHECKOUT

RARELY = {
    "fpdf": "a certificate, the record of processing",
    "fontTools": "comes with fpdf",
    "awscrt": "files in a bucket",
    "tinycss2": "gathering static files",
    "rjsmin": "gathering static files",
    "babel.messages": "compiling translations",
    "requests": "mail by Resend",
    "vobject": "contact cards",
    "PIL": "pictures",
    "segno": "codes that phones read",
    "django.test": "a look at our own public pages",
}
LOADED = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import config.jobs
print(*sys.modules)
"""


def test_what_is_needed_rarely_is_loaded_late() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"django", "troth.privacy.forgetting.papers", "troth.media.bucket"} <= loaded
    assert {name: why for name, why in RARELY.items() if name in loaded} == {}
