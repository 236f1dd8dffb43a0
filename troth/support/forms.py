"""What is entered about help, grants and registers."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from troth.base.clock import now
from troth.support.grants import Wish
from troth.support.models import Exposed, Ground, HeldKind, Kind
from troth.support.requests import TEXT_MAX

HOURS = (4, 24, 72)
NOTHING = "none"


def _text(label: Any, **options: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 5, "dir": "auto"})
    return forms.CharField(label=label, max_length=TEXT_MAX, widget=area, **options)


class WordForm(forms.Form):
    """One message in a thread."""

    text = _text(gettext_lazy("Your message"))


class HelpForm(forms.Form):
    """What is wrong, and what staff may see of it."""

    text = _text(
        gettext_lazy("What happens, and what should happen instead?"),
        help_text=gettext_lazy("Only our support reads this. Leave out names and numbers of customers where you can."),
    )
    sight = forms.ChoiceField(label=gettext_lazy("What support may look at"), widget=forms.RadioSelect)
    conversations = forms.MultipleChoiceField(
        label=gettext_lazy("Which conversations"), required=False, widget=forms.CheckboxSelectMultiple
    )
    names = forms.BooleanField(label=gettext_lazy("Show their names and numbers too"), required=False)
    bodies = forms.BooleanField(label=gettext_lazy("Show the text of their messages too"), required=False)
    hours = forms.TypedChoiceField(label=gettext_lazy("Until when"), coerce=int)

    def __init__(self, *args: Any, conversations: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._set("conversations", [(str(id), name) for id, name in conversations])
        self._set("hours", [(hours, _until(hours)) for hours in HOURS])
        self._set("sight", [(NOTHING, _("Nothing: just an answer")), *_sights(bool(conversations))])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("sight") == Kind.CHOSEN and not cleaned.get("conversations"):
            self.add_error("conversations", _("Tick the conversations that support may look at."))
        return cleaned

    def wish(self) -> Wish | None:
        """Return what staff may see, None where nothing."""
        given = self.cleaned_data
        if given["sight"] == NOTHING:
            return None
        chosen = [UUID(one) for one in given["conversations"]]
        lasts = timedelta(hours=given["hours"])
        kind = Kind(given["sight"])
        return Wish(kind, conversation_ids=chosen, names=given["names"], bodies=given["bodies"], lasts=lasts)

    def _set(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _sights(any_conversations: bool) -> list[tuple[str, str]]:
    sights = [
        (Kind.SETTINGS.value, _("How the numbers are connected: their state and what Meta says, no secrets, no names")),
        (Kind.LIST.value, _("The list of conversations: times and states, no names, no text")),
    ]
    chosen = (
        Kind.CHOSEN.value,
        _("Conversations that you tick: times and states; names and text only if you tick that"),
    )
    return [*sights, chosen] if any_conversations else sights


def _until(hours: int) -> str:
    end = localtime(now() + timedelta(hours=hours))
    words = ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    return _("%(hours)s, until %(time)s") % {"hours": words, "time": date_format(end, "DATETIME_FORMAT")}


class NarrowForm(forms.Form):
    """What stays of a grant."""

    conversations = forms.TypedMultipleChoiceField(coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple)
    names = forms.BooleanField(required=False)
    bodies = forms.BooleanField(required=False)

    def __init__(self, *args: Any, conversations: list[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["conversations"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one), str(one)) for one in conversations]


class IdsField(forms.CharField):
    """Ids, one a line."""

    def __init__(self, **options: Any) -> None:
        area = forms.Textarea(attrs={"rows": 2, "dir": "ltr", "spellcheck": "false"})
        super().__init__(**{"required": False, "widget": area, **options})

    def clean(self, value: Any) -> list[UUID]:
        text = super().clean(value)
        try:
            return [UUID(word) for word in text.split()]
        except ValueError:
            raise forms.ValidationError(_("This is not a list of ids.")) from None


class SightForm(forms.Form):
    """Whose data, and which part of it, staff ask to see or give."""

    handle = forms.SlugField(
        label=gettext_lazy("Workspace"),
        max_length=16,
        help_text=gettext_lazy("Its short word, as it stands in the workspace's addresses: /w/…/"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Which part"), choices=Kind.choices, widget=forms.RadioSelect)
    conversation_ids = IdsField(
        label=gettext_lazy("Chosen conversations"), help_text=gettext_lazy("Their ids, one a line.")
    )
    names = forms.BooleanField(label=gettext_lazy("With names and numbers"), required=False)
    bodies = forms.BooleanField(label=gettext_lazy("With the text of messages"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Kind.CHOSEN and not cleaned.get("conversation_ids"):
            self.add_error("conversation_ids", _("Name the conversations."))
        return cleaned


def _day(label: Any, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **options)


class GlassForm(SightForm):
    """A look without being asked."""

    ground = forms.ChoiceField(label=gettext_lazy("Ground"), choices=Ground.choices, widget=forms.RadioSelect)
    reason = _text(gettext_lazy("Why"), help_text=gettext_lazy("The workspace's owners read this."))
    bar_until = _day(
        gettext_lazy("The law forbids to tell the owners until"),
        required=False,
        help_text=gettext_lazy("Law only. Empty: they are told as soon as it is over."),
    )
    bar_basis = forms.CharField(label=gettext_lazy("Which law, which order"), max_length=500, required=False)
    field_order = ("ground", "reason", "handle", "kind", "conversation_ids", "names", "bodies")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        barred = cleaned.get("bar_until")
        if barred and (cleaned.get("ground") != Ground.LAW or barred <= now()):
            self.add_error("bar_until", _("Only a law bars it, and only until a day that is still to come."))
        if barred and not cleaned.get("bar_basis"):
            self.add_error("bar_basis", _("Name the law and the order."))
        return cleaned


class DemandForm(SightForm):
    """An authority's demand."""

    authority = forms.CharField(label=gettext_lazy("Authority"), max_length=200)
    reference = forms.CharField(label=gettext_lazy("Its reference"), max_length=200)
    basis = _text(gettext_lazy("Legal basis, and why it holds"))
    answer_by = _day(
        gettext_lazy("To be answered by"),
        required=False,
        help_text=gettext_lazy("Empty: within 14 days. A mail reminds of it three days before."),
    )
    gag_until = _day(gettext_lazy("The workspace may not be told until"), required=False)
    gag_basis = forms.CharField(label=gettext_lazy("Which law, which order"), max_length=500, required=False)
    field_order = (
        "authority",
        "reference",
        "basis",
        "answer_by",
        "handle",
        "kind",
        "conversation_ids",
        "names",
        "bodies",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        gag = cleaned.get("gag_until")
        if gag and gag <= now():
            self.add_error("gag_until", _("This day is over."))
        if gag and not cleaned.get("gag_basis"):
            self.add_error("gag_basis", _("Name the law and the order."))
        return cleaned


class HoldForm(forms.Form):
    """What a law binds us to keep from being deleted."""

    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=200)
    basis = _text(
        gettext_lazy("Legal basis, and why it holds"), help_text=gettext_lazy("The workspace's owners read this.")
    )
    handle = SightForm.base_fields["handle"]
    kind = forms.ChoiceField(
        label=gettext_lazy("What must not be deleted"), choices=HeldKind.choices, widget=forms.RadioSelect
    )
    target_ids = IdsField(
        label=gettext_lazy("Which ones"), help_text=gettext_lazy("Their ids, one a line. None for a whole workspace.")
    )
    review_on = forms.DateField(
        label=gettext_lazy("Review day"),
        help_text=gettext_lazy("Within 180 days. On that day the hold ends, unless it is asked for again."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    gag_until = _day(gettext_lazy("The workspace may not be told until"), required=False)
    gag_basis = forms.CharField(label=gettext_lazy("Which law, which order"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("gag_until") and not cleaned.get("gag_basis"):
            self.add_error("gag_basis", _("Name the law and the order."))
        return cleaned


class ReasonForm(forms.Form):
    """Why something is refused, or what was learnt."""

    reason = _text(gettext_lazy("Why"))


class AlarmForm(forms.Form):
    """What is known when a breach is found."""

    drill = forms.BooleanField(label=gettext_lazy("This is a drill: nobody outside is told"), required=False)
    detected_at = _day(gettext_lazy("When it was noticed"))
    exposed = forms.ChoiceField(
        label=gettext_lazy("What may have got out"), choices=Exposed.choices, widget=forms.RadioSelect
    )
    since = _day(gettext_lazy("Written from"), required=False)
    until = _day(gettext_lazy("Written before"), required=False)
    summary = _text(gettext_lazy("What happened"), help_text=gettext_lazy("Whoever is affected reads this."))
    advice = _text(gettext_lazy("What they can do"))

    def clean_detected_at(self) -> Any:
        detected = self.cleaned_data["detected_at"]
        if detected > now():
            raise forms.ValidationError(_("This is still to come."))
        return detected


class StopForm(forms.Form):
    """Whose sending is stopped, and why."""

    handle = SightForm.base_fields["handle"]
    reason = _text(gettext_lazy("Why"), help_text=gettext_lazy("The workspace's members read this."))


class HandleForm(forms.Form):
    """Which workspace."""

    handle = SightForm.base_fields["handle"]
