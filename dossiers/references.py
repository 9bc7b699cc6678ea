"""Dossiers by the reference of their incapacity, for who may know of a dossier but not open it."""

from collections.abc import Collection

from dossiers.models import Dossier


def references(fund_id: int, dossier_ids: Collection[int]) -> dict[int, str]:
    """The references of these dossiers of one fund."""
    found = Dossier.objects.filter(fund_id=fund_id, pk__in=dossier_ids)
    return dict(found.values_list("pk", "incapacity__reference"))


def dossier_with(fund_id: int, reference: str) -> int | None:
    """The key of the dossier with this reference, if the fund has one."""
    found = Dossier.objects.filter(fund_id=fund_id, incapacity__reference=reference)
    return found.values_list("pk", flat=True).first()
