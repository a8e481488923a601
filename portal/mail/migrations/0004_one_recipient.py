"""A message has one recipient: each copy becomes a message of its own. What was given up is marked as such."""

from django.db import migrations

KEPT = (
    "kind",
    "subject_type",
    "subject_id",
    "language",
    "title",
    "body_text",
    "body_html",
    "queued_at",
    "sent_at",
    "failed_at",
    "answer",
)
SEND = "portal.mail.services.send"


def mark_failures(apps, schema_editor):
    Message, Job = apps.get_model("mail", "Message"), apps.get_model("jobs", "Job")
    for job in Job.objects.filter(task=SEND, failed_at__isnull=False).iterator():
        unsent = Message.objects.filter(pk=job.arguments.get("message_id"), sent_at=None)
        unsent.update(failed_at=job.failed_at, answer=job.error[:60])


def split_copies(apps, schema_editor):
    Message, Job = apps.get_model("mail", "Message"), apps.get_model("jobs", "Job")
    for message in Message.objects.exclude(copy_to="").iterator():
        copy = Message.objects.create(
            key=f"copy:{message.pk}",
            recipient=message.copy_to,
            **{name: getattr(message, name) for name in KEPT},
        )
        copy.attachments.set(message.attachments.all())
        if message.sent_at is None:
            failed = {"failed_at": message.failed_at, "error": message.answer}
            Job.objects.create(
                key=f"mail:{copy.pk}",
                task=SEND,
                arguments={"message_id": copy.pk},
                due_at=message.queued_at,
                **failed,
            )


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0003_delivery'),
        ('jobs', '0002_beat'),
    ]

    operations = [
        migrations.RunPython(mark_failures, migrations.RunPython.noop),
        migrations.RunPython(split_copies, migrations.RunPython.noop),
    ]
