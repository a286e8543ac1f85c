"""Logging: plain or JSON lines on stderr. What looks like an NHS number, a token or a password is masked in each."""

import json
import logging
import os
import re
import threading
import time
from collections import deque
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, TextIO

MASK = "[NHS number]"
HIDDEN = "[hidden]"
ACCESS_LINES = 1_000
ACCESS_SECONDS = 0.25
_DIGIT = r"(?:\d|%3\d)"
_GAP = r"(?:[ \t\u00a0+.-]|%20|%09|%2[BDbd]|%C2%A0)"
_PATTERN = re.compile(
    # Request and trace ids, and digests of seals, stay whole: they are what a line is found by, or for.
    r"(?P<id>\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b|\b(?=[0-9a-f]*[a-f])(?:[0-9a-f]{32}){1,2}\b)"
    # Ten digits, written together or 3-3-4, each digit perhaps percent-encoded, and no more digits around them. The
    # digits of an escape such as %20 before them do not count as digits.
    rf"|(?:(?<=%[0-9A-Fa-f][0-9A-Fa-f])|(?<!\d))"
    rf"(?:{_DIGIT}{{10}}|{_DIGIT}{{3}}{_GAP}{_DIGIT}{{3}}{_GAP}{_DIGIT}{{4}})(?!\d|%3\d)"
)
# JSON Web Tokens (access tokens and assertions), and passwords in addresses of databases.
_SECRET = re.compile(r"eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*){1,3}|(?<=:)[^\s:/@]+(?=@)|(?<=password=)[^\s&'\"]+")
# What a number looks like in ASCII where nothing is percent-encoded, with every digit as 0 and every gap as a space.
_AS_SHAPE = bytes.maketrans(b"123456789\t+.-", b"000000000    ")
_SHAPES = (b"0000000000", b"000 000 0000", b"000 0000000", b"000000 0000")
# What every LogRecord has; the rest is what a caller said by `extra`.
_COMMON = vars(logging.makeLogRecord({"levelno": logging.INFO, "levelname": "INFO"}))
_STANDARD = {*_COMMON, "message", "asctime", "taskName"}


def masked(text: str) -> str:
    """`text` with every ten-digit number that may be an NHS number replaced, and every token and password."""
    if "eyJ" in text or "@" in text or "password=" in text:
        text = _SECRET.sub(HIDDEN, text)
    return _PATTERN.sub(lambda match: match["id"] or MASK, text) if _may_hold_number(text) else text


def _may_hold_number(text: str) -> bool:
    """Whether it is worth looking closer: most lines hold nothing like a number, which is seen much faster."""
    if "%" in text or not text.isascii():
        return True
    shape = text.encode().translate(_AS_SHAPE)
    return any(each in shape for each in _SHAPES)


class PlainFormatter(logging.Formatter):
    """A line for people: time, level, logger, message and what else the record carries."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._second = (0, "")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802  # logging's name
        """The time as logging writes it; the lines of one second share all but the end of it."""
        second, text = self._second
        if second != int(record.created):
            text = super().formatTime(record, datefmt).partition(",")[0]
            self._second = (int(record.created), text)
        return f"{text},{int(record.msecs):03d}"

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record) if record.exc_info or record.stack_info else self._line(record)
        extras = "".join([f" {name}={_quoted(value)}" for name, value in _extras(record).items()])
        return masked(text + extras)

    def _line(self, record: logging.LogRecord) -> str:
        """What logging writes of a record without a stack, in half of the time."""
        return f"{self.formatTime(record)} {record.levelname:<7} {record.name}: {record.getMessage()}"


class JsonFormatter(logging.Formatter):
    """A JSON object a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": os.getpid(),
            **_extras(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        text = json.dumps(line, ensure_ascii=False)
        # Where nothing is escaped the line shows each value as it is: most hold nothing to mask, in one look at all.
        plain = "\\" not in text and masked(text) == text
        return text if plain else json.dumps(_masked(line), ensure_ascii=False)


def _masked(value: Any) -> Any:
    """The same value with every text and number in it masked where it must be."""
    if isinstance(value, dict):
        return {key: _masked(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(member) for member in value]
    if value is None or isinstance(value, bool | float):
        return value
    text = masked(str(value))
    return value if isinstance(value, int) and text == str(value) else text


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] | None = getattr(record, "told", None)
    if told is not None:
        return told
    if vars(record).keys() <= _STANDARD:
        return {}
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _quoted(value: object) -> str:
    """The value as a plain line shows it: what could be taken for something else is in quotes, and escaped."""
    text = str(value)
    return text if text.isprintable() and " " not in text else json.dumps(text)


def line(name: str, message: str, *values: object, **told: object) -> logging.LogRecord:
    """A record of level INFO without thread and place in the code, which no line shows and which cost the most.

    What is `told` becomes members of its own in JSON, and stands behind the message in plain lines.
    """
    now = time.time()
    record = logging.LogRecord.__new__(logging.LogRecord)
    vars(record).update(_COMMON, name=name, msg=message, args=values, created=now, msecs=now % 1 * 1000, told=told)
    return record


class AccessHandler(logging.Handler):
    """Writes access lines several at a time, so that a request does not wait for one: within a quarter of a
    second, when a thousand wait, and when the process ends.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.stream = stream
        self._waiting: deque[logging.LogRecord] = deque()
        threading.Thread(target=self._flush_regularly, name="access-log", daemon=True).start()

    def handle(self, record: logging.LogRecord) -> bool:
        """Keeps a line for later; a deque needs no lock for it, which logging would take each time."""
        self._waiting.append(record)
        if len(self._waiting) >= ACCESS_LINES:
            self.flush()
        return True

    def flush(self) -> None:
        """Writes the lines that wait."""
        with self.lock or nullcontext():
            lines = "".join([f"{self.format(self._waiting.popleft())}\n" for _ in range(len(self._waiting))])
            if lines and not self.stream.closed:
                self.stream.write(lines)
                self.stream.flush()

    def close(self) -> None:
        """Writes them, and takes no more."""
        self.flush()
        super().close()

    def _flush_regularly(self) -> None:
        while True:
            time.sleep(ACCESS_SECONDS)
            self.flush()


def configuration(level: str, form: str) -> dict[str, Any]:
    """What logging.config.dictConfig takes; given to uvicorn, so that every worker logs alike."""
    formatter = JsonFormatter if form == "json" else PlainFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{formatter.__name__}"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"},
            "access": {"()": f"{__name__}.AccessHandler", "formatter": "line", "stream": "ext://sys.stderr"},
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "kith": {"level": level},
            "kith.access": {"handlers": ["access"], "propagate": False},
            # Its news (process started, process ended) is Kith's own to tell; kith.access is the access log.
            "uvicorn": {"level": "WARNING"},
            # A pool without a database tries again and again; what that means for callers is said where they are.
            "asyncpg": {"level": "ERROR"},
            "uvicorn.access": {"level": "CRITICAL", "propagate": False},
        },
    }
