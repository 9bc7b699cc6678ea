from django.conf import settings

from tnw.core.logs import without_query, without_rows, without_tokens

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
