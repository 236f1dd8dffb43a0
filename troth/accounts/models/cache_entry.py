"""What all processes remember together for a short while: counted attempts, codes already used."""

from django.db import models

from troth.base.fields import HashField
from troth.base.registry import declares


@declares(subject="none", purpose="security", keep="minutes", seen="nobody", ops="key value expires_at")
class CacheEntry(models.Model):
    """One remembered value. The key is a keyed hash, since it is made of addresses; the value holds times only."""

    key = HashField(primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)
