from troth.privacy.models.erasure import Erasure, ErasureState, SubjectKind
from troth.privacy.models.hold import HeldKind, HeldRecord, Hold
from troth.privacy.models.retention import RetentionRule

__all__ = [
    "Erasure",
    "ErasureState",
    "HeldKind",
    "HeldRecord",
    "Hold",
    "RetentionRule",
    "SubjectKind",
]
