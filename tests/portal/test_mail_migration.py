"""Mail from before a message had one recipient: each copy becomes a message, and what was given up is marked."""

import json

import pytest

from tests.test_landings import empty_database
from tests.test_stage_migration import run

WRITE = """
from django.db import connection
c = connection.cursor()
at = "2025-02-10 09:00:00+00:00"
columns = "key, kind, subject_type, subject_id, recipient, copy_to, language, title, body_text, body_html"
rows = [
    (1, "a@example.org", "b@example.org", at),
    (2, "c@example.org", "d@example.org", None),
    (3, "e@example.org", "", None),
]
for pk, to, copy, sent in rows:
    values = [f"key-{pk}", "x", "x.y", "1", to, copy, "nb", "T", "T", "T", at, sent]
    c.execute(f"INSERT INTO mail_message ({columns}, queued_at, sent_at) VALUES ({', '.join(['%s'] * 12)})", values)
c.execute(
    "INSERT INTO jobs_job (key, task, arguments, due_at, attempts, failed_at, error) "
    "VALUES (%s, %s, %s, %s, 6, %s, %s)",
    ["mail:2", "portal.mail.services.send", '{"message_id": 2}', at, at, "SMTPDataError"],
)
"""
READ = """
import json
from portal.jobs.models import Job
from portal.mail.models import Message
jobs = {job.arguments["message_id"]: bool(job.failed_at) for job in Job.objects.all()}
print(json.dumps({m.recipient: [m.delivery, m.answer, jobs.get(m.pk)] for m in Message.objects.all()}))
"""


@pytest.mark.slow
@pytest.mark.release
@pytest.mark.timeout(300)
@pytest.mark.fault("D13")
def test_d13_copies_become_messages_and_what_was_given_up_is_known(tmp_path):
    with empty_database(tmp_path) as address:
        run(address, "manage.py", "migrate", "-v0", "mail", "0002_lease")
        run(address, "manage.py", "migrate", "-v0", "jobs", "0002_beat")
        run(address, "manage.py", "shell", "-v0", "-c", WRITE)
        run(address, "manage.py", "migrate", "-v0")
        assert json.loads(run(address, "manage.py", "shell", "-v0", "-c", READ).strip().splitlines()[-1]) == {
            "a@example.org": ["sent", "", None],
            "b@example.org": ["sent", "", None],
            "c@example.org": ["undelivered", "SMTPDataError", True],
            "d@example.org": ["undelivered", "SMTPDataError", True],
            "e@example.org": ["queued", "", None],
        }
