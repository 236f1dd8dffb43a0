from django.urls import URLPattern, path

from troth.inbox.views import acts, conversations, gaps, messages, number

_ONE = "inbox/<uuid:conversation_id>/"

urlpatterns: list[URLPattern] = [
    path("inbox/", conversations.inbox, name="inbox"),
    path("gaps/", gaps.gaps, name="gaps"),
    path(_ONE, conversations.conversation, name="conversation"),
    path(f"{_ONE}messages/", messages.messages, name="messages"),
    path(f"{_ONE}messages/<uuid:message_id>/offer/", messages.offer, name="offer"),
    path(f"{_ONE}closure/", acts.closure, name="closure"),
    path(f"{_ONE}reopening/", acts.reopening, name="reopening"),
    path(f"{_ONE}assignment/", acts.assignment, name="assignment"),
    path(f"{_ONE}unread/", acts.unread, name="unread"),
    path(f"{_ONE}reading/", acts.reading, name="reading"),
    path(f"{_ONE}number/", number.number, name="number"),
    path(f"{_ONE}draft/", acts.draft, name="draft"),
]
