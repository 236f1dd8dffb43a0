from troth.support.models.breach import Breach, Exposed
from troth.support.models.break_glass import BreakGlass, Ground
from troth.support.models.choice import AnchorMail, SupportChoice
from troth.support.models.disclosure import LegalDisclosure
from troth.support.models.grant import Ending, Grant
from troth.support.models.help import HelpMessage, HelpRequest, Problem
from troth.support.models.hold import HeldKind, OperatorHold
from troth.support.models.sight import Kind, Sight
from troth.support.models.staff import StaffMember, StaffRole

__all__ = [
    "AnchorMail",
    "Breach",
    "BreakGlass",
    "Ending",
    "Exposed",
    "Grant",
    "Ground",
    "HeldKind",
    "HelpMessage",
    "HelpRequest",
    "Kind",
    "LegalDisclosure",
    "OperatorHold",
    "Problem",
    "Sight",
    "StaffMember",
    "StaffRole",
    "SupportChoice",
]
