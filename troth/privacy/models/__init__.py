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
from troth.privacy.models.case import Case, CaseClock, OperatorCase
from troth.privacy.models.case_note import CaseNote
from troth.privacy.models.data_import import DataImport, ImportState
from troth.privacy.models.export import Export, ExportProgress, ExportState, PersonalExport
from troth.privacy.models.intake import Intake

__all__ = [
    "Case",
    "CaseClock",
    "CaseNote",
    "DataImport",
    "Export",
    "ExportProgress",
    "ExportState",
    "ImportState",
    "Intake",
    "OperatorCase",
    "PersonalExport",
]
from troth.privacy.models.policy import PolicyNotice
from troth.privacy.models.probe import ProbeResult, ProbeResultQuerySet

__all__ = ["PolicyNotice", "ProbeResult", "ProbeResultQuerySet"]
from troth.privacy.models.meta_request import MetaRequest
from troth.privacy.models.usage_count import UsageCount, UsageOptOut

__all__ = ["MetaRequest", "UsageCount", "UsageOptOut"]
