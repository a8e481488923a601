"""What the process log leaves out: nobody's words are to stand in it."""

import logging
from http import HTTPStatus


def without_reasons(record: logging.LogRecord) -> bool:
    """Take the traceback from a request that was refused; the line itself stays.

    Django logs the error with it, whose text is the reason that the person reads: of habilitet, of names and projects.
    A refusal is no fault that anybody mends.
    """
    if getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR) < HTTPStatus.INTERNAL_SERVER_ERROR:
        record.exc_info = record.exc_text = None
    return True
