"""Give each scheme and frame the owner of the rounds that use it.

A scheme that several owners share becomes one scheme for each of them. A frame that several owners share stays one,
for its money is one: it goes to the owner of its oldest round, and the others keep it until their file names another.
What no round uses goes, since nobody can say whose it is.
"""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    """See the module."""
    Round, Scheme, Frame = (apps.get_model("rounds", name) for name in ("Round", "Scheme", "Frame"))
    for frame in Frame.objects.all():
        oldest = Round.objects.filter(frame=frame).order_by("published_at", "pk").first()
        if oldest is None:
            frame.delete()
        else:
            frame.owner_community_id = oldest.owner_community_id
            frame.owner_organisation_id = oldest.owner_organisation_id
            frame.save(update_fields=["owner_community", "owner_organisation"])
    for scheme in Scheme.objects.all():
        users = [
            *Round.objects.filter(scheme=scheme).order_by("published_at", "pk"),
            *Frame.objects.filter(scheme=scheme),
        ]
        _share(scheme, users, Scheme)


def _share(scheme: Any, users: list[Any], Scheme: Any) -> None:
    """Point the rounds and frames at their owner's scheme; the first owner keeps the row, each other gets a copy."""
    copies: dict[tuple[Any, Any], Any] = {}
    for user in users:
        owner = (user.owner_community_id, user.owner_organisation_id)
        if owner not in copies:
            row = Scheme(code=scheme.code, name=scheme.name, purpose=scheme.purpose) if copies else scheme
            row.owner_community_id, row.owner_organisation_id = owner
            row.save()
            copies[owner] = row
        user.scheme = copies[owner]
        user.save(update_fields=["scheme"])
    if not users:
        scheme.delete()


class Migration(migrations.Migration):
    dependencies = [("rounds", "0002_owner_of_scheme_and_frame")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
