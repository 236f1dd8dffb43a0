"""Taking a callback: once, with nothing kept of the person but a keyed hash, and a case."""

from django.db import IntegrityError, transaction

from troth.audit.record import Actor, record
from troth.base.sealing import INSTALLATION, ring
from troth.privacy.browser.casework import Receipt, open_case
from troth.privacy.meta.signed import Claim, Forged
from troth.privacy.models import MetaRequest

# What a person asks for through Meta, and the kind of case that it becomes.
KINDS = {"deletion": "erasure", "deauthorize": "withdrawal"}


def take(kind: str, claim: Claim) -> Receipt:
    """Open a case for what Meta passed on. Raises: Forged, for a call that was taken before."""
    keys = ring(INSTALLATION)
    try:
        with transaction.atomic():
            row = MetaRequest.objects.create(
                kind=kind,
                person_hash=keys.index(claim.person, place="privacy_metarequest.person_hash"),
                request_hash=keys.index(claim.text, place="privacy_metarequest.request_hash"),
            )
            receipt = open_case(KINDS[kind])
            MetaRequest.objects.filter(pk=row.pk).update(case_id=receipt.case_id)
            record(f"meta.{kind}", by=Actor.system(), target=("meta_request", row.pk))
    except IntegrityError:
        raise Forged from None
    return receipt
