from django.db import migrations, models

import troth.base.fields
import troth.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("channel_id", models.UUIDField()),
                ("secret_hash", troth.base.fields.HashField()),
                ("body", troth.base.fields.SealedField(editable=False, installation=True, null=True)),
                ("body_hash", troth.base.fields.HashField()),
                ("received_at", models.DateTimeField()),
                ("digested_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
                ("parked_at", models.DateTimeField(null=True)),
                ("outcome", models.JSONField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("digested_at", None), ("parked_at", None)),
                        fields=["id"],
                        name="ingest_delivery_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("attempts__gt", 0), ("digested_at", None), ("parked_at", None)),
                        fields=["tried_at"],
                        name="ingest_delivery_again",
                    ),
                    models.Index(fields=["received_at"], name="ingest_delivery_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("channel_id", "body_hash"), name="ingest_delivery_once")
                ],
            },
        ),
    ]
