"""Bodies end, and others go on with what they had."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("communities", "0005_letter_approval_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="body",
            name="last_day",
            field=models.DateField(blank=True, null=True, verbose_name="siste dag"),
        ),
        migrations.CreateModel(
            name="BodySuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_date", models.DateField(verbose_name="fra og med")),
                ("given_at", models.DateTimeField(editable=False)),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continued_by",
                        to="communities.body",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continues",
                        to="communities.body",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="communities_one_body_after"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="communities_another_body_after",
                    ),
                ],
            },
        ),
    ]
