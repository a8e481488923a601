"""Each ballot and each resolution keeps the rule and the quorum that were in force, and who had set them.

A ballot of before had the body's own rule, and so it says. Its quorum was not kept; only an open ballot, which is still
to be counted, takes the body's quorum as it is now. A resolution of a ballot has the ballot's rules; one without a
ballot says in its own sentence how it came about.
"""

from fractions import Fraction

from django.db import migrations, models


def keep_rules(apps, schema_editor):
    ballots = apps.get_model("meetings", "Ballot").objects
    resolutions = apps.get_model("meetings", "Resolution").objects
    for ballot in ballots.select_related("case__body").iterator():
        body = ballot.case.body
        is_open = ballot.status == "open"
        ballot.rules = {
            "rule": ballot.rule,
            "share": str(Fraction(body.quorum_percent, 100)) if is_open else None,
            "both_sides": body.quorum_needs_both_sides if is_open else None,
            "body": body.name,
            "stage": "",
            "rule_source": "body",
            "quorum_source": "body",
        }
        ballot.save(update_fields=["rules"])
        resolutions.filter(ballot=ballot).update(rules=ballot.rules)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_outcomes_from_the_table"), ("communities", "0001_initial")]

    operations = [
        migrations.AddField("ballot", "rules", models.JSONField(null=True, verbose_name="regel")),
        migrations.AddField("resolution", "rules", models.JSONField(null=True, verbose_name="regel")),
        migrations.RunPython(keep_rules, migrations.RunPython.noop),
        migrations.AlterField("ballot", "rules", models.JSONField(verbose_name="regel")),
        migrations.RemoveField("ballot", "rule"),
    ]
