import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tnw.core.logs import WithoutAddress, without_query, without_rows, without_tokens

PROJECT = Path(__file__).resolve().parents[2]
# Where a server of ours is started, or somebody reads how.
STARTS = ("Dockerfile", "docker-compose.yml", "docs/operations.md", "tnw/web/demo/processes.py", "README.md")

TRACE = """Traceback (most recent call last):
  File "x.py", line 1, in <module>
psycopg2.errors.CheckViolation: new row for relation "dossiers_incapacity" violates check constraint "x"
DETAIL:  Failing row contains (1, 85073000160, Goossens, An
of more lines).

The above exception was the direct cause of the following exception:"""


def test_a_failing_row_never_reaches_the_log() -> None:
    event = without_rows(None, "error", {"event": "failed", "exception": TRACE})
    assert "85073000160" not in event["exception"]
    assert "Goossens" not in event["exception"]
    assert "violates check constraint" in event["exception"]


def test_other_events_stay_as_they_are() -> None:
    assert without_rows(None, "info", {"event": "ran", "job": "x"}) == {"event": "ran", "job": "x"}


def test_of_an_address_neither_its_query_nor_a_persons_number_reaches_the_log() -> None:
    for asked, logged in (
        ("GET /dossiers?ssin=85073000160", "GET /dossiers"),
        ("GET /dossiers/85073000160", "GET /dossiers/…"),
        ("GET /dossiers/85.07.30-001.60/facts", "GET /dossiers/…/facts"),
        (f"GET /calendar/{'aB-_' * 10}123.ics", "GET /calendar/….ics"),
        (
            "GET /dossiers/0190a5e0-2222-7000-8000-000000000002",
            "GET /dossiers/0190a5e0-2222-7000-8000-000000000002",
        ),
    ):
        assert without_query(None, "info", {"request": asked})["request"] == logged


def test_what_django_says_of_an_address_names_no_token() -> None:
    token = "aB-_" * 11
    told = without_tokens(None, "warning", {"event": f"Not Found: /calendar/{token}.ics"})
    assert told["event"] == "Not Found: /calendar/….ics"
    for other in ({"event": "Not Found: /rules"}, {"event": 7}):
        assert without_tokens(None, "warning", dict(other)) == other
    formatter = settings.LOGGING["formatters"]["json"]  # type: ignore[index]
    assert without_tokens in formatter["foreign_pre_chain"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("Error handling request %s %s", "GET", "/search?q=Goossens"), "Error handling request GET /search"),
        (("Error handling request %s", "/incapacities/85073000160"), "Error handling request /incapacities/…"),
        (("Invalid request from ip=10.0.0.1: Invalid HTTP request line: 'GET /search?q=An Goossens'",),
         "Invalid request from ip=10.0.0.1: Invalid HTTP request line: 'GET /search"),
        (("Booting worker with pid: %s", 7), "Booting worker with pid: 7"),
    ],
)  # fmt: skip
def test_what_the_server_itself_says_of_a_request(said: tuple[object, ...], told: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.ERROR, "x", 1, said[0], said[1:], None)
    assert WithoutAddress().filter(record)
    assert record.getMessage() == told


def test_the_server_is_told_so() -> None:
    ask = "import logging, tnw.wsgi; print(logging.getLogger('gunicorn.error').filters)"
    told = subprocess.run(
        [sys.executable, "-c", ask], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert "WithoutAddress" in told.stdout


def test_nobody_starts_a_server_with_an_access_log() -> None:
    """It names addresses whole: their queries, the numbers and tokens in their paths."""
    commands = {name: (PROJECT / name).read_text() for name in STARTS}
    for name, text in commands.items():
        lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
        started = [line for line in lines if "`--access-logfile`" not in line]
        assert not any("access-log" in line or "accesslog" in line for line in started), name
    assert any("gunicorn" in text for text in commands.values())
    assert not list(PROJECT.glob("*gunicorn*.py")), "no settings of gunicorn's beside what its commands say"
