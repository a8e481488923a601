"""A scheme and a frame belong to whoever announces: the columns, empty until the next migration fills them.

The code of a scheme is unique for its owner only: three owners may each announce under the same national scheme.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0001_initial"),
        ("rounds", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="frame",
            name="owner_community",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owned_%(class)ss",
                to="communities.healthcommunity",
            ),
        ),
        migrations.AddField(
            model_name="frame",
            name="owner_organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owned_%(class)ss",
                to="communities.organisation",
            ),
        ),
        migrations.AddField(
            model_name="scheme",
            name="owner_community",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owned_%(class)ss",
                to="communities.healthcommunity",
            ),
        ),
        migrations.AddField(
            model_name="scheme",
            name="owner_organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owned_%(class)ss",
                to="communities.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="round",
            name="owner_community",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owned_%(class)ss",
                to="communities.healthcommunity",
            ),
        ),
        migrations.AlterField(
            model_name="round",
            name="owner_organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owned_%(class)ss",
                to="communities.organisation",
            ),
        ),
        migrations.AlterField(model_name="scheme", name="code", field=models.SlugField(max_length=60)),
    ]
