"""A place on the map."""

import re

from django.utils.translation import gettext as _

from troth.channels.contract import Content
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.said import Said

_DEGREES = r"(-?[0-9]{1,3}(?:\.[0-9]+)?)"
# As maps write a place: "3.139, 101.687", "@3.139,101.687,17z", "q=3.139,101.687", "#map=16/3.139/101.687".
_PLACES = (
    re.compile(rf"[?&](?:q|ll|query|destination)=(?:loc:)?{_DEGREES}(?:,|%2C)\s*{_DEGREES}", re.IGNORECASE),
    re.compile(rf"mlat={_DEGREES}&mlon={_DEGREES}"),
    re.compile(rf"@{_DEGREES},{_DEGREES}"),
    re.compile(rf"#map=[0-9]+/{_DEGREES}/{_DEGREES}"),
    re.compile(rf"\A\s*(?:geo:)?{_DEGREES}\s*[,;\s]\s*{_DEGREES}\s*\Z"),
)


class Place(Said, tag="location"):
    """A place, as coordinates or an address of a map."""

    place: str = ""
    name: str = ""
    address: str = ""

    def content(self) -> Content:
        latitude, longitude = _place(self.place)
        labels = {
            key: value.strip() for key, value in (("name", self.name), ("address", self.address)) if value.strip()
        }
        return Content(kind="location", data={"latitude": latitude, "longitude": longitude, **labels})


def _place(written: str) -> tuple[float, float]:
    for pattern in _PLACES:
        if found := pattern.search(written):
            return float(found[1]), float(found[2])
    raise CannotSend(
        _("Give the place as coordinates, such as 3.139, 101.687, or paste the link of a map that holds them.")
    )
