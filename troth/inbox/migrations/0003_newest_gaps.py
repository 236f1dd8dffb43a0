from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_walls"),
        ("inbox", "0002_walls"),
        ("workspaces", "0002_walls"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="gap",
            index=models.Index(fields=["workspace", "channel", "-at"], name="inbox_gap_latest"),
        ),
    ]
