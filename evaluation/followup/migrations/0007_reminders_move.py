"""The reminders that have gone out move to portal.reminders with their rows: the table gets its new name here."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0006_response_required'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable('Reminder', 'reminders_reminder')],
            state_operations=[migrations.DeleteModel('Reminder')],
        ),
    ]
