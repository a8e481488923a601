"""How a stage's bodies decide: the rule may be left to the body, and the quorum of the round file is kept.

A stage keeps the rule that its page has shown. Of the quorums, only one that the file has set to something else than
the default is taken over: the default was never shown, and the bodies have decided by their own.
"""

from django.db import migrations, models
from django.db.models import F

SHARES = ("half", "more_than_half", "two_thirds", "all")


def keep_quorums(apps, schema_editor):
    version = apps.get_model("rounds", "RoundVersion")
    stage = apps.get_model("rounds", "Stage")
    for current in version.objects.filter(number=F("round__version")).iterator():
        for item in current.definition["stages"]:
            if item.get("quorum"):
                stage.objects.filter(round=current.round_id, code=item["code"]).update(
                    quorum_share=item["quorum"].get("share", "half"),
                    quorum_both_sides=item["quorum"].get("both_sides", True),
                )


class Migration(migrations.Migration):
    dependencies = [("rounds", "0004_one_owner")]

    operations = [
        migrations.AddField("stage", "quorum_both_sides", models.BooleanField(null=True, verbose_name="begge sider må være til stede")),
        migrations.AddField(
            "stage",
            "quorum_share",
            models.CharField(
                blank=True,
                choices=[(share, share) for share in SHARES],
                default="",
                max_length=20,
                verbose_name="vedtaksført ved",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            "stage",
            "decision_rule",
            models.CharField(
                blank=True,
                choices=[
                    ("consensus", "Konsensus"),
                    ("simple_majority", "Alminnelig flertall"),
                    ("double_majority", "Flertall på begge sider"),
                ],
                max_length=20,
                verbose_name="beslutningsregel",
            ),
        ),
        migrations.RunPython(keep_quorums, migrations.RunPython.noop),
        migrations.AddConstraint(
            "stage",
            models.CheckConstraint(
                condition=models.Q(quorum_share="", quorum_both_sides=None)
                | (~models.Q(quorum_share="") & models.Q(quorum_both_sides__isnull=False)),
                name="rounds_stage_whole_quorum",
            ),
        ),
    ]
