"""What the template tags write."""

from django.template import Context, Template


def render(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def test_an_icon_is_decoration_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in render('{% icon "send-horizontal" "flip tiny" %}')
    assert 'class="icon icon-flip icon-tiny"' in render('{% icon "send-horizontal" "flip tiny" %}')
    assert 'role="img" aria-label="Send &quot;now&quot;"' in render(
        '{% icon "send-horizontal" "" name %}', name='Send "now"'
    )


def test_an_avatar_shows_escaped_initials_on_its_own_colour() -> None:
    shown = render("{% avatar name seed %}", name="<Ana> Ferreira", seed="1")
    assert ">AF</span>" in shown
    assert "avatar-" in shown


def test_an_avatar_of_a_number_shows_a_person() -> None:
    assert "#user-round" in render("{% avatar name seed %}", name="+60 12-345 6789", seed="1")


def test_customers_text_is_escaped_once() -> None:
    assert render("{{ text|whatsapp }}", text="*a* <b> &amp;") == "<strong>a</strong> &lt;b&gt; &amp;amp;"
    assert render("{{ text|plain }}", text="*a* <b>") == "a &lt;b&gt;"
    assert render("{{ text|person_name }}", text="<A>\u202e") == "&lt;A&gt;"


def test_missing_text_shows_nothing() -> None:
    assert render("{{ text|whatsapp }}{{ text|plain }}{{ text|person_name }}", text=None) == ""


def test_a_copied_value_cannot_leave_its_attribute() -> None:
    shown = render("{% copy value label %}", value='"><script>', label="the secret")
    assert "<script>" not in shown
    assert 'data-copy="&quot;&gt;&lt;script&gt;"' in shown
