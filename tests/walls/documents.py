"""A row in every table of what is written and signed."""

from datetime import UTC, date, datetime

from dossiers.models import REASSIGN, Batch, BatchRow, Dispatch, Document, Dossier, Scan
from tnw.accounts.models import Actor, User
from trajects.models import OutsideSigning, Signature

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def write_documents(dossier: Dossier, coordinator: User, actor: Actor) -> None:
    """A declaration that went to the post in a batch, is signed by one, and is with a provider."""
    inside = {"fund": dossier.fund, "dossier": dossier}
    # With all that a bulk step can name.
    batch = Batch.objects.create(
        fund=dossier.fund, kind=REASSIGN, coordinator=coordinator, reason="Leave", actor=actor, asked_at=AT
    )
    document = Document.objects.create(
        **inside, kind="declaration", subject="declaration-1", language="nl", title="Verklaring", content=b"%PDF-",
        sha256="0" * 64, pages=1, made_on=date(2026, 11, 20), made_at=AT, actor=actor,
    )  # fmt: skip
    BatchRow.objects.create(**inside, batch=batch, document=document, done_at=AT)
    scan = Scan.objects.filter(dossier=dossier).first()
    Dispatch.objects.create(
        **inside, document=document, channel="registered", state="sent", prepared_on=AT.date(), sent_on=AT.date(),
        number="RR1", scan=scan, actor=actor,
    )  # fmt: skip
    Signature.objects.create(
        **inside, document=document, subject="declaration-1", fact="signed-insured", role="insured", method="paper",
        name="Somebody", on=AT.date(), at=AT, actor=actor, evidence=scan, stands_in_for=coordinator,
    )  # fmt: skip
    OutsideSigning.objects.create(
        **inside, document=document, subject="declaration-1", session="s-1", url="http://localhost/s-1",
        state="started", started_at=AT, actor=actor,
    )  # fmt: skip
