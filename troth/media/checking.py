"""Whether files can be kept where they are to be kept, and whether what is deleted there is gone: tried out, at every start."""

import os

from troth.base.sealed_files import PIECE_BYTES
from troth.media.bucket import Bucket
from troth.media.keeping import StoreAway

_TRIAL_BYTES = 3 * PIECE_BYTES
_WAY = {"unreachable", "dns", "connect", "tls", "timeout", "closed", "no_answer", "busy"}
_KEY = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "Forbidden", "status_401", "status_403"}
_REGION = {"AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "status_301", "status_307"}


class NotFit(Exception):
    """Files cannot be kept there as we promise; the text says why and what to do, in one sentence."""


def check(bucket: Bucket) -> str:
    """Write, read, replace and delete a file of our own, and return what there is to say. Raises: NotFit."""
    told = f"{bucket.place.name} at {bucket.place.host}"
    try:
        state = bucket.versioning()
        if state.locks:
            raise NotFit(
                f"The bucket {told} has Object Lock, so what is erased would stay: take one without, since we promise that "
                "it is gone (docs/settings.md)."
            )
        _try_out(bucket, told)
    except StoreAway as away:
        raise NotFit(_sentence(away.reason, told)) from away
    return f"{told}; it keeps versions, and what is deleted is deleted in all of them" if state.keeps else told


def _try_out(bucket: Bucket, told: str) -> None:
    name, data = f"trial/{os.urandom(8).hex()}", os.urandom(_TRIAL_BYTES)
    for content in (b"first", data):
        target = bucket.target(name)
        target.write(content)
        target.finish()
    try:
        source = bucket.source(name)
        whole = source.read(0, source.size)
        part = source.read(PIECE_BYTES, 10)
    except FileNotFoundError:
        whole = part = b""
    listed = [one.name for one in bucket.kept(name)]
    bucket.remove([name])
    if (whole, part, listed) != (data, data[PIECE_BYTES : PIECE_BYTES + 10], [name]):
        raise NotFit(f"The bucket {told} does not give back what was written into it: take another store.")
    if list(bucket.kept(name, all_traces=True)):
        raise NotFit(f"The bucket {told} keeps what is deleted: take another store, since we promise that it is gone.")


def _sentence(reason: str, told: str) -> str:
    if reason in _WAY:
        return (
            f"The media store {told} cannot be reached ({reason}): see that TROTH_S3_ADDRESS is right and that this machine "
            "may call it, then start again."
        )
    if reason in _KEY:
        return (
            f"The media store {told} refuses us ({reason}): see that TROTH_S3_KEY_ID and TROTH_S3_SECRET are right, and that "
            "this key may do all that docs/settings.md lists."
        )
    if reason in _REGION:
        return (
            f"The bucket {told} lies elsewhere ({reason}): set TROTH_S3_REGION and TROTH_S3_ADDRESS to where it lies."
        )
    if reason == "NoSuchBucket":
        return f"There is no bucket {told}: make it, or set TROTH_S3_BUCKET to the one that there is."
    if reason == "RequestTimeTooSkewed":
        return f"The media store {told} has another time than this machine: set this machine's clock right."
    if reason == "address_refused":
        return (
            f"The media store {told} lies in a private network, where we call nobody unasked: name the network in "
            "TROTH_S3_NETWORKS."
        )
    if reason == "no_mark":
        return (
            f"In the bucket {told} there are files, but not the mark `current` that says which of them are used: see that "
            "TROTH_S3_PREFIX is right (docs/backup.md says how to write the mark again)."
        )
    return f"The media store {told} cannot be used ({reason}): see docs/settings.md for what it has to be able to do."
