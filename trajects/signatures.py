"""What is read of signatures: the PDF that is signed, and which signatures under it count."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT

from dossiers.models import Document, Dossier, LedgerEntry
from trajects.models import Signature

# The PDF that is signed, and the one with the signatures in it, under the fund's seal.
TO_SIGN, SEALED = "declaration", "declaration_signed"


def kept(dossier: Dossier, subject: str, kind: str = TO_SIGN) -> Document | None:
    """The PDF of a declaration; None where there is none of this kind."""
    found = Document.objects.filter(fund=dossier.fund_id, dossier=dossier, kind=kind, subject=subject)
    return found.order_by("pk").last()


def all_kept(dossier: Dossier) -> dict[tuple[str, str], Document]:
    """The PDFs of all its declarations, by subject and kind, without their bytes; of several of one kind the latest."""
    kinds = (TO_SIGN, SEALED)
    found = Document.objects.filter(fund=dossier.fund_id, dossier=dossier, kind__in=kinds).defer("content")
    return {(one.subject, one.kind): one for one in found.order_by("pk")}


def standing(dossier: Dossier, subject: str) -> dict[str, Signature]:
    """The signatures under a declaration that count, by role: those whose fact is not voided."""
    entries = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier, kind="fact_voided")
    voided: list[Any] = list(entries.values_list("values__fact", flat=True))
    mine = Signature.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject)
    related = mine.select_related("document", "evidence", "stands_in_for", "actor__user")
    related = related.defer("document__content", "evidence__content")
    return {one.role: one for one in related.exclude(fact__in=voided).order_by("pk")}


def unsealed() -> QuerySet[Signature]:
    """Those that count and stand in no sealed PDF yet, of the declaration of the query around it."""
    of = {"fund": OuterRef("fund"), "dossier": OuterRef("dossier")}
    voided = LedgerEntry.objects.filter(**of, kind="fact_voided").annotate(voids=KT("values__fact"))
    mine = Signature.objects.filter(**of, subject=OuterRef("subject"), sealed_in=None)
    return mine.exclude(Exists(voided.filter(voids=OuterRef("fact"))))
