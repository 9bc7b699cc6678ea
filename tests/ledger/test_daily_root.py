"""The daily job writes a root that the ledger can be held against later."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dossiers.jobs import export_ledger_root
from dossiers.models import Dossier
from dossiers.verification import verify
from tnw.accounts.models import Fund
from tnw.core import scope


@pytest.mark.django_db
def test_the_root_of_a_day_is_written_once_over_all_funds(
    dossier_of: Callable[..., Dossier],
    fund: Fund,
    other_fund: Fund,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.LEDGER_ROOTS = tmp_path
    dossier_of(start=date(2026, 1, 5))
    dossier_of(start=date(2026, 1, 5), fund=other_fund)
    assert export_ledger_root(date(2026, 11, 21)) == {"all": {"heads": 2}}
    assert export_ledger_root(date(2026, 11, 21)) == {"all": {"heads": 0}}
    with scope.funds(fund.pk, other_fund.pk):
        assert verify(tmp_path / "ledger-2026-11-21.root.gz") == (2, [])
