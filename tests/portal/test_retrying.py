"""When a mail is tried again, and which answers end the tries."""

from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from socket import gaierror

import pytest

from portal.mail.retrying import PAUSES, answer_of, is_refusal, is_silence, pause_after

pytestmark = pytest.mark.fault("D13")
ADDRESS = "aase@example.org"


def test_a_mail_is_tried_for_nearly_five_days_more_and_more_seldom():
    pauses = [pause_after(failures) for failures in range(34)]
    minutes = [pause.total_seconds() / 60 for pause in pauses[:6]]
    assert minutes == [1, 5, 15, 60, 240, 240]
    assert set(pauses[4:33]) == {timedelta(hours=4)}
    assert pauses[33] is None
    assert sum(PAUSES, timedelta()) == timedelta(days=4, hours=21, minutes=21)


@pytest.mark.parametrize(
    ("error", "answer", "ends"),
    [
        (SMTPRecipientsRefused({ADDRESS: (550, b"5.1.1 No such user")}), "550", True),
        (SMTPRecipientsRefused({ADDRESS: (450, b"4.2.0 Greylisted")}), "450", False),
        (SMTPRecipientsRefused({}), "SMTPRecipientsRefused", False),
        # The portal is not signed in at the mail server: the address is not to blame.
        (SMTPRecipientsRefused({ADDRESS: (530, b"5.7.0 Must issue a STARTTLS command first")}), "530", False),
        (SMTPDataError(552, b"5.3.4 Message too big"), "552", True),
        (SMTPDataError(451, b"Try again later"), "451", False),
        (SMTPSenderRefused(550, b"No such sender", "portal@example.org"), "550", False),
        (SMTPAuthenticationError(535, b"Authentication failed"), "535", False),
        (SMTPServerDisconnected("Connection unexpectedly closed"), "SMTPServerDisconnected", False),
        (TimeoutError(), "TimeoutError", False),
        (ValueError("Invalid address"), "ValueError", True),
        (UnicodeEncodeError("ascii", "å", 0, 1, "no"), "ValueError", True),
    ],
)
def test_what_an_answer_means(error, answer, ends):
    assert (answer_of(error), is_refusal(error)) == (answer, ends)


@pytest.mark.parametrize(
    ("error", "silent"),
    [
        (TimeoutError(), True),
        (ConnectionRefusedError(), True),
        (gaierror(-2, "Name or service not known"), True),
        (SMTPServerDisconnected("Connection unexpectedly closed"), True),
        (SMTPDataError(451, b"Try again later"), False),
        (FileNotFoundError("brev.pdf"), False),
        (ValueError("Invalid address"), False),
    ],
)
def test_whether_the_mail_server_is_there(error, silent):
    assert is_silence(error) is silent
