"""The choice of how long a class of data is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from troth.privacy.forgetting.classes import DAYS_MAX, OFFERED

KEEP, CUSTOM = "keep", "custom"


class RetentionForm(forms.Form):
    """Keep, 30, 90, 365 days or a number of one's own. `cleaned_data["days"]` is None for keeping."""

    choice = forms.ChoiceField(label=_("Keep for"))
    custom = forms.IntegerField(label=_("Days of your own choice"), min_value=1, max_value=DAYS_MAX, required=False)

    def __init__(self, data: Any = None, *, days: int | None = None, **options: Any) -> None:
        chosen = KEEP if days is None else str(days) if days in OFFERED else CUSTOM
        initial = {"choice": chosen, "custom": days if chosen == CUSTOM else None}
        super().__init__(data, initial=initial, **options)
        choices = [(KEEP, _("as long as the workspace exists"))]
        choices += [
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("365", _("365 days")),
            (CUSTOM, _("days of your own choice")),
        ]
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["choice"].widget.attrs["class"] = "input select"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        choice = data.get("choice")
        if choice == CUSTOM and not data.get("custom"):
            raise ValidationError(_("Enter a number of days."), code="days")
        data["days"] = None if choice == KEEP else data.get("custom") if choice == CUSTOM else int(choice or 0) or None
        return data
