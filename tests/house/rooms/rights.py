"""What stands in each of the two houses of cases and exports."""

from typing import TYPE_CHECKING

from troth.audit.record import Actor
from troth.contacts.models import Identity, IdentityKind
from troth.inbox.models import Conversation
from troth.privacy.models import Case, CaseNote, DataImport
from troth.privacy.rights.cases import open_case
from troth.privacy.rights.exports import request_export, request_personal_export
from troth.privacy.rights.kinds import Proof

if TYPE_CHECKING:
    from tests.house.two_houses import Kept


def furnish(kept: "Kept") -> None:
    """Add to a house, in its scope, what the addresses of this area need."""
    person = Conversation.objects.get(id=kept.ids["conversation"]).contact_id
    words = kept.plant("words of a request", "admins")
    made = open_case(
        "objection", "contact", person, "app", by=Actor.contact(person), words=words, proof=Proof.MEMBER, language="ms"
    )
    assert isinstance(made.case, Case)
    CaseNote.objects.create(case=made.case, author=kept.member("owner"), text=kept.plant("note of a case", "admins"))
    admin = kept.member("admin")
    export = request_export("contact", person, by=Actor.member(admin.pk), member=admin)
    copy = request_personal_export(kept.member("owner").user)
    phone = Identity.objects.get(contact=person, kind=IdentityKind.PHONE).value
    taken = DataImport.objects.create(made_by=kept.member("owner"), state="refused")
    kept.ids |= {"import": taken.pk}
    kept.ids |= {"case": made.case.pk, "status token": made.token, "export": export.pk, "copy": copy.pk, "phone": phone}
