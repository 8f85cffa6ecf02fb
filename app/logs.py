"""Logs: one JSON object a line, and nothing in it that says who a patient is or what they wrote.

Say what happened in a fixed event name and give ids. The redaction below is the net under that
rule: it drops fields that hold people's data and masks what looks like a number or an address.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from traceback import extract_tb
from typing import TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from app.errors import CareloopError

HIDDEN = frozenset(
    {
        "address",
        "answer",
        "authorization",
        "birth_date",
        "body",
        "cookie",
        "dob",
        "email",
        "first_name",
        "from",
    }
    | {
        "from_",
        "full_name",
        "last_name",
        "note",
        "password",
        "phone",
        "prompt",
        "secret",
        "speech_result",
        "text",
    }
    | {"to", "token", "transcript"}
)
REDACTED = "[redacted]"

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A number as people or carriers write it: seven digits or more with at most one separator between two.
# Ids (hexadecimal, UUID) and times keep their digits: a letter or another digit group joins on to them.
_PHONE = re.compile(r"(?<![\w.:-])(?:\+\d|\(?\d)(?:[ ().-]{0,2}\d){6,14}(?![\w:/]|-\w)")
# Messages of other errors may quote what was being worked on: a validation error shows the input,
# a unique violation shows the row. Their type and place are enough to find the fault.
_TELLING = (CareloopError, OSError, ImportError, TypeError, AttributeError, NameError)
_TELLING_BY_NAME = frozenset({"OperationalError", "ProgrammingError"})
_QUIET = ("twilio", "urllib3", "werkzeug", "rq", "sqlalchemy", "alembic", "hl7", "asyncio")


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the logs of this process, libraries' included, to a stream (standard error) as JSON lines."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_describe),
                redact,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        # twilio logs whole requests at INFO, numbers and texts included; the others only chat there.
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: people's data out of one event, however deep it sits."""
    return {key: _clean(key, value) for key, value in event.items()}


def mask(text: str) -> str:
    """A text with telephone numbers and e-mail addresses replaced."""
    return _PHONE.sub("[number]", _EMAIL.sub("[e-mail]", text))


def _describe(exc_info: ExcInfo) -> list[str]:
    """The chain of an error, its cause first, each with its places but without anything it was working on."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        places = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)
        ]
        lines = [*places, _message(error), *lines]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _message(error: BaseException) -> str:
    kind = type(error).__name__
    telling = isinstance(error, _TELLING) or kind in _TELLING_BY_NAME
    return f"{kind}: {str(error)[:500]}" if telling else kind


def _clean(key: str, value: object) -> object:
    if key.lower() in HIDDEN:
        return REDACTED
    if key == "at" or value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(inner): _clean(str(inner), item) for inner, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(key, item) for item in value]
    return mask(str(value))
