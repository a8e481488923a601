"""When a mail that did not go through is tried again, and what a mail server's answer means. Pure."""

from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from socket import gaierror

# Mail servers are away for hours, some for a weekend; senders of mail try for four to five days (RFC 5321, 4.5.4.1).
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    *(timedelta(hours=4),) * 29,
)
PERMANENT = 500
# The portal's own account at the mail server is refused: somebody must mend it, and the same mail goes through then.
NOT_SIGNED_IN = frozenset({530, 534, 535, 538})
# The answer that is kept of an address, or a header, that no mail can have.
UNUSABLE = "ValueError"


SILENCE: tuple[type[OSError], ...] = (TimeoutError, ConnectionError, gaierror, SMTPServerDisconnected)
# The answers that are kept of them, by the names of the errors.
SILENT = frozenset(kind.__name__ for kind in (*SILENCE, *ConnectionError.__subclasses__()))


def pause_after(failures: int) -> timedelta | None:
    """How long to wait after one more failure than these; None when the mail is given up."""
    return PAUSES[failures] if failures < len(PAUSES) else None


def answer_of(error: Exception) -> str:
    """What the mail server answered: its code («550»), or the type of the error when it gave none."""
    if isinstance(error, ValueError):
        return UNUSABLE
    code = _code(error)
    return str(code) if code else type(error).__name__


def is_refusal(error: Exception) -> bool:
    """Whether no later try can succeed: the address or the message is refused for good, or is no address."""
    code = _code(error)
    if isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        return code >= PERMANENT and code not in NOT_SIGNED_IN
    return isinstance(error, ValueError)


def is_silence(error: Exception) -> bool:
    """Whether the mail server was not there or said nothing: then no other mail goes through either."""
    return isinstance(error, SILENCE)


def _code(error: Exception) -> int:
    """The code of the answer; 0 when there is none. A message has one recipient, so one code."""
    if isinstance(error, SMTPRecipientsRefused):
        return max((code for code, _text in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, SMTPResponseException) else 0
