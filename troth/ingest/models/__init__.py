from troth.ingest.models.delivery import Delivery

__all__ = ["Delivery"]
