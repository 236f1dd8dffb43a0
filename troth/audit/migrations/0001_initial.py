from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("workspace_id", models.UUIDField(null=True)),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("person", "Person"),
                            ("staff", "Staff"),
                            ("contact", "Contact"),
                            ("system", "System"),
                        ],
                        max_length=8,
                    ),
                ),
                ("actor_id", models.UUIDField(null=True)),
                ("action", models.CharField(max_length=48)),
                ("target_kind", models.CharField(blank=True, default="", max_length=24)),
                ("target_id", models.UUIDField(null=True)),
                ("detail", models.BinaryField(null=True)),
                ("detail_hash", models.BinaryField(null=True)),
                ("hash", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["workspace_id", "target_kind", "target_id"], name="audit_entry_target"),
                    models.Index(fields=["workspace_id", "action", "at"], name="audit_entry_action"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace_id", "number"), name="audit_entry_once", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
