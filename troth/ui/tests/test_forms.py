"""Forms are rendered by our own templates, named and described for everybody."""

from django import forms


class Sample(forms.Form):
    """One field of each shape."""

    name = forms.CharField(label="Name", help_text="As you sign.")
    password = forms.CharField(widget=forms.PasswordInput)
    phone = forms.CharField(required=False)
    agreed = forms.BooleanField(label="I agree")
    theme = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_a_field_has_a_label_a_hint_and_its_error_tied_to_it() -> None:
    shown = str(Sample({"name": ""}))
    assert '<label for="id_name">Name</label>' in shown
    assert 'id="id_name_helptext"' in shown
    assert 'id="id_name_error"' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'class="field field-error"' in shown


def test_an_optional_field_says_so() -> None:
    assert str(Sample()).count("(optional)") == 1


def test_a_tick_box_stands_before_its_words() -> None:
    shown = str(Sample())
    assert shown.index('id="id_agreed"') < shown.index("I agree")


def test_choices_stand_in_a_named_group() -> None:
    assert '<legend class="field-label">Theme</legend>' in str(Sample())


def test_a_password_can_be_shown_and_is_never_sent_back() -> None:
    shown = str(Sample({"password": "secret-words"}))
    assert "data-password" in shown
    assert "secret-words" not in shown


def test_what_was_typed_is_escaped() -> None:
    assert "<script>" not in str(Sample({"name": '"><script>'}))
