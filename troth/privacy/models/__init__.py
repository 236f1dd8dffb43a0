from troth.privacy.models.policy import PolicyNotice
from troth.privacy.models.probe import ProbeResult, ProbeResultQuerySet

__all__ = ["PolicyNotice", "ProbeResult", "ProbeResultQuerySet"]
