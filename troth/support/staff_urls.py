"""Addresses behind the staff's door."""

from django.urls import URLPattern, path

from troth.support.views import staff_breaches as breaches
from troth.support.views import staff_disclosures as disclosures
from troth.support.views import staff_door as door
from troth.support.views import staff_glass as glass
from troth.support.views import staff_holds as holds
from troth.support.views import staff_queue as queue
from troth.support.views import staff_senders as senders

app_name = "staff"

_REQUEST = "requests/<uuid:request_id>/"
_GLASS = "break-glass/<uuid:glass_id>/"
_DEMAND = "disclosures/<uuid:disclosure_id>/"
_HOLD = "holds/<uuid:hold_id>/"
_BREACH = "breaches/<uuid:breach_id>/"

urlpatterns: list[URLPattern] = [
    path("login/", door.login, name="login"),
    path("leave/", door.leave, name="leave"),
    path("", queue.index, name="queue"),
    path(_REQUEST, queue.show, name="request"),
    path(f"{_REQUEST}answer/", queue.answer, name="answer"),
    path(f"{_REQUEST}closure/", queue.close, name="close"),
    path(f"{_REQUEST}settings/", queue.settings, name="look_settings"),
    path(f"{_REQUEST}conversations/", queue.conversations, name="look_list"),
    path(f"{_REQUEST}conversations/<uuid:talk_id>/", queue.conversation, name="look_conversation"),
    path("break-glass/", glass.index, name="glass"),
    path(f"{_GLASS}approval/", glass.approve, name="approve_glass"),
    path(f"{_GLASS}end/", glass.end, name="end_glass"),
    path(f"{_GLASS}settings/", glass.settings, name="glass_settings"),
    path(f"{_GLASS}conversations/", glass.conversations, name="glass_list"),
    path(f"{_GLASS}conversations/<uuid:talk_id>/", glass.conversation, name="glass_conversation"),
    path("disclosures/", disclosures.index, name="disclosures"),
    path(f"{_DEMAND}approval/", disclosures.approve, name="approve_disclosure"),
    path(f"{_DEMAND}refusal/", disclosures.refuse, name="refuse_disclosure"),
    path(f"{_DEMAND}export.json", disclosures.make, name="make_disclosure"),
    path("holds/", holds.index, name="holds"),
    path(f"{_HOLD}approval/", holds.approve, name="approve_hold"),
    path(f"{_HOLD}end/", holds.end, name="end_hold"),
    path("breaches/", breaches.index, name="breaches"),
    path(_BREACH, breaches.show, name="breach"),
    path(f"{_BREACH}<slug:step>/", breaches.do, name="breach_step"),
    path("senders/", senders.index, name="senders"),
    path("senders/allowance/", senders.allow, name="allow_sending"),
]
