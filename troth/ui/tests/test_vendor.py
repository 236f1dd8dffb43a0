"""Third-party files are the ones that their README names."""

import hashlib
import re

from troth.ui.tests.product import STATIC

VENDOR = STATIC / "vendor"


def test_every_third_party_file_is_named_with_its_version_licence_and_checksum() -> None:
    readme = (VENDOR / "README").read_text()
    said = dict(re.findall(r"^(\S+)\n(?:  .*\n)*?  sha256: ([0-9a-f]{64})$", readme, re.MULTILINE))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir() if path.name != "README"
    }
    assert found == said
    assert readme.count("licence:") == len(found)
