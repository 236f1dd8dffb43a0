from troth.contacts.models.consent import Consent
from troth.contacts.models.contact import Contact, Source
from troth.contacts.models.identity import Identity, IdentityKind
from troth.contacts.models.likeness import Likeness
from troth.contacts.models.merge import Merge
from troth.contacts.models.suppression import Suppression

__all__ = ["Consent", "Contact", "Identity", "IdentityKind", "Likeness", "Merge", "Source", "Suppression"]
