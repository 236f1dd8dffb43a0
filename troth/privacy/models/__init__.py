from troth.privacy.models.meta_request import MetaRequest
from troth.privacy.models.usage_count import UsageCount, UsageOptOut

__all__ = ["MetaRequest", "UsageCount", "UsageOptOut"]
