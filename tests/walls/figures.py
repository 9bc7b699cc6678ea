"""A row in every table of figures."""

from datetime import UTC, date, datetime

from dossiers.models import ClosedFact, ClosedQuarter, Dossier, FigureCount, FiguresCounted

AT = datetime(2026, 10, 1, tzinfo=UTC)
QUARTER = date(2026, 7, 1)


def write_figures(dossier: Dossier) -> None:
    """A quarter that was closed with a fact, and one number that was counted."""
    inside = {"fund": dossier.fund}
    FigureCount.objects.create(**inside, figure="inflow", quarter=QUARTER, number=1)
    FiguresCounted.objects.create(**inside, at=AT, seconds=0.1)
    closing = ClosedQuarter.objects.create(
        **inside, figure="complete_questionnaires", quarter=QUARTER, closed_at=AT, number=1
    )
    ClosedFact.objects.create(**inside, closing=closing, dossier=dossier, fact_id="back-1", on=QUARTER)
