"""Two processes that record on one dossier at the same time: each waits for the other, and the chain has no gap."""

import os
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import connection, transaction

from dossiers import verification
from dossiers.models import Deadline, Dossier
from tests.ledger import independent
from tests.ledger.conftest import chain
from tnw.accounts import audit
from tnw.accounts.models import Actor, Fund

TIMES = 12
RECORD = """
import sys, django
django.setup()
from datetime import date
from django.db import connection
from dossiers.law.facts import fact
from dossiers.ledger import record
from dossiers.models import Dossier
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock
name, database, fund, dossier = sys.argv[1:]
connection.settings_dict["NAME"] = database
fund, actor = Fund.objects.get(pk=fund), actors.system()
with audit.acting_as(actor, fund), clock.at(date(2026, 11, 20)):
    dossier = Dossier.objects.get(pk=dossier)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(TIMES)):
        record(dossier, fact("assessment_made", date(2026, 6, 1), f"{name}-{number}", category=3), fund=fund, actor=actor)
""".replace("int(TIMES)", str(TIMES))


def wait_for_both() -> None:
    """Until both stand in the queue for the dossier: from there on they take turns."""
    for _attempt in range(2400):
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_stat_clear_snapshot(), count(*) from pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[1] == 2:
                return
        time.sleep(0.05)
    pytest.fail("they do not wait")


@pytest.mark.django_db(transaction=True)
def test_two_processes_make_one_chain_without_a_gap(fund: Fund, dossier: Dossier, job: Actor) -> None:
    database = str(connection.settings_dict["NAME"])
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", RECORD, name, database, str(fund.pk), str(dossier.pk)],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tnw.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("left", "right")
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    with audit.acting_as(job, fund), transaction.atomic():
        Dossier.objects.select_for_update().get(pk=dossier.pk)
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        wait_for_both()
    ends = [(process.communicate(timeout=300)[1], process.returncode) for process in processes]
    assert ends == [("", 0), ("", 0)]
    with audit.acting_as(job, fund):
        entries = chain(dossier)
        assert [entry.seq for entry in entries] == list(range(1, 2 * TIMES + 2))
        assert [bytes(entry.hash) for entry in entries] == independent.hashes(entries)
        names = [entry.fact_id.partition("-")[0] for entry in entries[1:]]
        assert sum(one != other for one, other in pairwise(names)) > 1, "they did not overlap"
        assert verification.verify() == (2 * TIMES + 1, [])
        assert Deadline.objects.filter(dossier=dossier, rule="T6").count() == 2 * TIMES
