"""What others may know of the registers: figures, about nobody."""

from troth.support.disclosures import disclosure_counts

__all__ = ["disclosure_counts"]
