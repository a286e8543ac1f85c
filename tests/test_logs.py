"""Logs carry no NHS number in clear, however it was written, and keep what a line is found by."""

import io
import json
import logging
import logging.config

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import logs

NUMBER = "9990000018"
ENCODED = "".join(f"%3{digit}" for digit in NUMBER)


def line(message: str, *arguments: object, formatter: type[logging.Formatter] = logs.PlainFormatter, **extra) -> str:
    record = logging.makeLogRecord({"msg": message, "args": arguments, "name": "kith", "levelname": "INFO", **extra})
    return formatter().format(record)


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        "999 000 0018",
        "999-000-0018",
        "999+000+0018",
        "999%20000%200018",
        "999%2B000%2B0018",
        "%209990000018",
        "nhs-number%7C9990000018",
        "Patient/9990000018/_history/2",
        "Patient9990000018",
        ENCODED,
        f"{NUMBER},9990000026",
    ],
)
@pytest.mark.parametrize("formatter", [logs.PlainFormatter, logs.JsonFormatter])
def test_a_number_is_masked_however_it_is_written(written, formatter):
    shown = line("GET %s", written, formatter=formatter)
    assert logs.MASK in shown
    assert "0018" not in shown.replace("%30%30%31%38", "0018")


@pytest.mark.parametrize(
    "kept",
    [
        "f47ac10b-58cc-4372-a567-123456789012",
        "1234567890abcdef1234567890abcdef",
        "3be3a53cc3bda11d31f763d7dacde105d2902692f839c9990000018a32d40085",
        "1763776800123456",
        "2026-11-22T01:52:03.123456",
        "127.0.0.1:54321",
        "200 1234567",
    ],
)
def test_what_a_line_is_found_by_is_kept(kept):
    assert kept in line("request %s done", kept)


@given(st.integers(min_value=0, max_value=9_999_999), st.text(st.characters(exclude_categories=["Nd", "Cs"])))
def test_no_surroundings_bring_a_number_out(digits, around):
    number = f"999{digits:07}"
    assert number not in logs.masked(f"{around}{number}{around}")


@pytest.mark.parametrize("formatter", [logs.PlainFormatter, logs.JsonFormatter])
def test_a_number_in_an_exception_is_masked(formatter):
    problem = ValueError(f"Key (number)=({NUMBER}) already exists.")
    shown = line("failed", formatter=formatter, exc_info=(ValueError, problem, None))
    assert "already exists" in shown
    assert NUMBER not in shown


@pytest.mark.parametrize("formatter", [logs.PlainFormatter, logs.JsonFormatter])
def test_a_number_in_an_extra_is_masked_also_as_a_number(formatter):
    shown = line("read", formatter=formatter, patient=NUMBER, identifier=int(NUMBER), nested={"value": [NUMBER]})
    assert NUMBER not in shown


def test_a_json_line_is_one_object_with_what_the_caller_said():
    shown = line("two\nlines", formatter=logs.JsonFormatter, status=200, seconds=0.25)
    assert "\n" not in shown
    read = json.loads(shown)
    assert read["message"] == "two\nlines"
    assert (read["level"], read["status"], read["seconds"]) == ("INFO", 200, 0.25)


@pytest.mark.parametrize("form", ["plain", "json"])
def test_the_configuration_is_one_that_logging_takes(form):
    configured = logging.config.DictConfigurator(logs.configuration("INFO", form))
    assert configured.configure_formatter(configured.config["formatters"]["line"]).format(logging.makeLogRecord({}))


def test_access_lines_are_written_together_and_masked() -> None:
    stream = io.StringIO()
    handler = logs.AccessHandler(stream)
    handler.setFormatter(logs.PlainFormatter())
    for path in ("/Patient/9990000018", "/Patient/one"):
        handler.handle(logging.makeLogRecord({"name": "kith.access", "msg": "GET %s", "args": (path,)}))
    handler.flush()
    first, second = stream.getvalue().splitlines()
    assert "9990000018" not in first
    assert second.endswith("GET /Patient/one")


def test_a_full_buffer_of_access_lines_is_written_at_once() -> None:
    stream = io.StringIO()
    handler = logs.AccessHandler(stream)
    for _ in range(logs.ACCESS_LINES):
        handler.handle(logs.line("kith.access", "GET %s", "/Patient/one", status=200))
    assert len(stream.getvalue().splitlines()) == logs.ACCESS_LINES


def test_closing_the_handler_writes_the_lines_that_wait() -> None:
    stream = io.StringIO()
    handler = logs.AccessHandler(stream)
    handler.handle(logs.line("kith.access", "the last line"))
    handler.close()
    assert stream.getvalue() == "the last line\n"


@pytest.mark.parametrize("value", ["9990000018", "999\t000\t0018", "\x019990000018", 'said "9990000018"', 9990000018])
def test_a_number_is_masked_in_json_however_json_would_write_it(value) -> None:
    line = logs.line("kith.access", "GET /", told_by_somebody=value)
    read = json.loads(logs.JsonFormatter().format(line))
    assert "0018" not in str(read["told_by_somebody"])
    assert "[NHS number]" in read["told_by_somebody"]
