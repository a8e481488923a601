"""A tie that a person has declared has its ground in the answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0020_fill_answer_and_steps")]

    operations = [
        migrations.AddConstraint(
            model_name='habilitet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('has_tie', True), _negated=True), models.Q(('answer_ground', ''), _negated=True), _connector='OR'), name='assessment_tie_has_ground'),
        ),
    ]
