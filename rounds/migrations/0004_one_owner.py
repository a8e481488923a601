"""Exactly one owner for each scheme, frame and round, and a scheme's code once for each owner."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rounds", "0003_fill_owner_of_scheme_and_frame")]

    operations = [
        migrations.RemoveConstraint(model_name="round", name="rounds_one_owner"),
        migrations.AddConstraint(
            model_name="frame",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner_community__isnull", False), ("owner_organisation__isnull", True)),
                    models.Q(("owner_community__isnull", True), ("owner_organisation__isnull", False)),
                    _connector="OR",
                ),
                name="rounds_frame_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner_community__isnull", False), ("owner_organisation__isnull", True)),
                    models.Q(("owner_community__isnull", True), ("owner_organisation__isnull", False)),
                    _connector="OR",
                ),
                name="rounds_round_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner_community__isnull", False), ("owner_organisation__isnull", True)),
                    models.Q(("owner_community__isnull", True), ("owner_organisation__isnull", False)),
                    _connector="OR",
                ),
                name="rounds_scheme_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=models.UniqueConstraint(fields=("code", "owner_community"), name="rounds_one_scheme_community"),
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=models.UniqueConstraint(fields=("code", "owner_organisation"), name="rounds_one_scheme_organisation"),
        ),
    ]
