from troth.privacy.models.case import Case, CaseClock, OperatorCase
from troth.privacy.models.case_note import CaseNote
from troth.privacy.models.data_import import DataImport, ImportState
from troth.privacy.models.erasure import Erasure, ErasureState, SubjectKind
from troth.privacy.models.export import Export, ExportProgress, ExportState, PersonalExport
from troth.privacy.models.hold import HeldKind, HeldRecord, Hold
from troth.privacy.models.intake import Intake
from troth.privacy.models.meta_request import MetaRequest
from troth.privacy.models.policy import PolicyNotice
from troth.privacy.models.probe import ProbeResult, ProbeResultQuerySet
from troth.privacy.models.retention import RetentionRule
from troth.privacy.models.usage_count import UsageCount, UsageOptOut

__all__ = [
    "Case",
    "CaseClock",
    "CaseNote",
    "DataImport",
    "Erasure",
    "ErasureState",
    "Export",
    "ExportProgress",
    "ExportState",
    "HeldKind",
    "HeldRecord",
    "Hold",
    "ImportState",
    "Intake",
    "MetaRequest",
    "OperatorCase",
    "PersonalExport",
    "PolicyNotice",
    "ProbeResult",
    "ProbeResultQuerySet",
    "RetentionRule",
    "SubjectKind",
    "UsageCount",
    "UsageOptOut",
]
