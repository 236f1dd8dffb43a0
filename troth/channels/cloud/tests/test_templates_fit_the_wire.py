"""What a filled template becomes on the wire: as Meta's schema has it, and nothing that is kept for ourselves."""

import json
from typing import Any
from uuid import uuid4

from hypothesis import given

from troth.channels.cloud.build import body_for
from troth.channels.cloud.tests.json_schema import faults
from troth.channels.cloud.tests.reference import REFERENCE, needs_reference
from troth.channels.contract import Content, Outbound
from troth.channels.definition import Draft, components_for, shown
from troth.channels.tests.drafts import drafts, values_for


def body_of(draft: Draft) -> dict[str, Any]:
    definition = draft.definition()
    values = values_for(definition)
    components = components_for(definition, values, category="MARKETING", named=draft.named)
    data = {"name": draft.name, "language": "en", "components": components, "shown": shown(definition, values)}
    content = Content(kind="template", data=data)
    return body_for(Outbound(our_id=uuid4(), content=content, phone="+60123456789"))


@needs_reference
@given(drafts())
def test_a_filled_template_fits_the_reference_schema(draft: Draft) -> None:
    schema = json.loads((REFERENCE / "outgoing_message.schema.json").read_text())
    assert faults(json.loads(json.dumps(body_of(draft))), schema, schema) == []


@given(drafts())
def test_what_is_kept_for_ourselves_does_not_leave(draft: Draft) -> None:
    template = body_of(draft)["template"]
    assert set(template) <= {"name", "language", "components"}
    assert all(template.get("components", [True]))
