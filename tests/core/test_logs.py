from tnw.core.logs import without_rows

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
