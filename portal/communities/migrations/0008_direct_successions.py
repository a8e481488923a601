"""Which links of a chain were registered, and which follow from them; those that were missing are written."""

from django.db import migrations, models


def part_the_chains(apps, _editor):
    """Mark the rows that follow from others, and write those that were missed when ends came in another order.

    A row that follows was written in the same moment as the last link of its chain, after it.
    """
    for name in ("Succession", "BodySuccession"):
        model = apps.get_model("communities", name)
        rows = list(model.objects.order_by("pk"))
        for row in rows:
            before = {first.successor_id for first in rows if first.predecessor_id == row.predecessor_id}
            lasts = [last for last in rows if last.successor_id == row.successor_id and last.predecessor_id in before]
            if any(last.pk < row.pk and last.given_at == row.given_at for last in lasts):
                row.is_direct = False
                row.save(update_fields=["is_direct"])
        _write_missing(model, rows)


def _write_missing(model, rows):
    pairs = {(row.predecessor_id, row.successor_id) for row in rows}
    direct = [row for row in rows if row.is_direct]
    chains = list(rows)
    for first in chains:  # grows while it is read
        for last in direct:
            pair = (first.predecessor_id, last.successor_id)
            if first.successor_id == last.predecessor_id and pair not in pairs and pair[0] != pair[1]:
                pairs.add(pair)
                from_date, given_at = max(first.from_date, last.from_date), max(first.given_at, last.given_at)
                row = model(predecessor_id=pair[0], successor_id=pair[1], from_date=from_date, given_at=given_at)
                row.is_direct = False
                row.save()
                chains.append(row)


class Migration(migrations.Migration):

    dependencies = [
        ("communities", "0007_former_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="bodysuccession",
            name="is_direct",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.AddField(
            model_name="succession",
            name="is_direct",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.RunPython(part_the_chains, migrations.RunPython.noop),
    ]
