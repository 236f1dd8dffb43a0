from troth.audit.models.entry import Entry

__all__ = ["Entry"]
