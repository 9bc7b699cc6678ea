"""What people note of somebody's career: jobs, trainings, languages and aims."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import ledger
from dossiers.acts import begin
from dossiers.identifiers import is_enterprise_number
from dossiers.law.facts import fact
from dossiers.models import CareerItem, Dossier, LedgerEntry
from dossiers.models.career import CareerKind, CareerSource
from dossiers.policies import may_write_career
from tnw.accounts.models import Actor, new_uuid
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require

_ALL = ("title", "first_day", "last_day", "note")
FIELDS: dict[str, tuple[str, ...]] = {
    CareerKind.JOB: (*_ALL, "organization", "enterprise_number", "physician_name", "physician_contact"),
    CareerKind.TRAINING: (*_ALL, "organization", "level"),
    CareerKind.LANGUAGE: (*_ALL, "level"),
    CareerKind.AIM: _ALL,
}
OUTDATED = "outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a career item says; which of it fits a kind: `FIELDS`."""

    title: str
    organization: str = ""
    enterprise_number: str = ""
    physician_name: str = ""
    physician_contact: str = ""
    first_day: date | None = None
    last_day: date | None = None
    level: str = ""
    note: str = ""


@transaction.atomic
def add(
    *,
    dossier_id: UUID,
    kind: str,
    details: Details,
    actor: Actor,
    on: date,
    source: str = CareerSource.HAND,
) -> CareerItem:
    """Note something of the career. Raises NotAllowed and DomainError."""
    require(may_write_career(actor, source))
    dossier = begin(dossier_id, actor)
    item = note_in(dossier, kind=kind, details=details, actor=actor, source=source)
    tell(dossier, actor, on)
    return item


def note_in(
    dossier: Dossier, *, kind: str, details: Details, actor: Actor, source: str = CareerSource.HAND
) -> CareerItem:
    """The item alone, in a dossier that is locked; whoever makes several tells of them once. Raises DomainError."""
    now = clock.now()
    return CareerItem.objects.create(
        fund=dossier.fund,
        dossier=dossier,
        kind=kind,
        source=source,
        created_by=actor,
        created_at=now,
        changed_by=actor,
        changed_at=now,
        **asdict(_checked(kind, details)),
    )


@transaction.atomic
def change(
    *, dossier_id: UUID, item_id: UUID, details: Details, version: int, actor: Actor, on: date
) -> CareerItem:
    """Say it otherwise; `version` is the one that was read. Raises NotAllowed and DomainError (`OUTDATED`)."""
    require(may_write_career(actor))
    dossier = begin(dossier_id, actor)
    item = _item(dossier, item_id, version, actor)
    said = asdict(_checked(item.kind, details))
    if all(getattr(item, name) == value for name, value in said.items()):
        return item
    for name, value in said.items():
        setattr(item, name, value)
    _save(item, actor)
    tell(dossier, actor, on)
    return item


@transaction.atomic
def remove(*, dossier_id: UUID, item_id: UUID, version: int, actor: Actor, on: date) -> CareerItem:
    """Take it out of the career; it stays readable among what was removed. Raises NotAllowed and DomainError."""
    require(may_write_career(actor))
    dossier = begin(dossier_id, actor)
    item = _item(dossier, item_id, version, actor)
    item.removed_at = clock.now()
    _save(item, actor)
    tell(dossier, actor, on)
    return item


def _item(dossier: Dossier, item_id: UUID, version: int, actor: Actor) -> CareerItem:
    item = CareerItem.objects.visible_to(actor).filter(dossier=dossier, public_id=item_id).first()
    if item is None:
        raise DomainError(_("This is not in the career."), code="career_unknown")
    if item.removed_at:
        raise DomainError(_("This was removed from the career meanwhile."), code="career_removed")
    if item.version != version:
        raise DomainError(_("Somebody else changed this meanwhile."), code=OUTDATED)
    return item


def _save(item: CareerItem, actor: Actor) -> None:
    item.version += 1
    item.changed_by, item.changed_at = actor, clock.now()
    item.save()


def _checked(kind: str, details: Details) -> Details:
    if kind not in FIELDS:
        raise DomainError(_("This is no kind of career item."), code="unknown_code", field="kind")
    for name, value in asdict(details).items():
        if value and name not in FIELDS[kind]:
            raise DomainError(
                _("This does not belong to an item of this kind."), code="not_of_kind", field=name
            )
    if not details.title.strip():
        raise DomainError(_("Say what it is."), code="required", field="title")
    number = details.enterprise_number.upper().removeprefix("BE").translate(str.maketrans("", "", " .-"))
    if number and not is_enterprise_number(number):
        raise DomainError(
            _("This enterprise number is wrong: ten digits are expected, with check digits that fit."),
            code="wrong_number",
            field="enterprise_number",
        )
    if details.first_day and details.last_day and details.last_day < details.first_day:
        raise DomainError(
            _("The last day lies before the first day."), code="end_before_start", field="last_day"
        )
    return replace(details, title=details.title.strip(), enterprise_number=number)


def tell(dossier: Dossier, actor: Actor, on: date) -> None:
    """Record that the career was worked on; once a day says as much as ten times."""
    told = LedgerEntry.objects.filter(dossier=dossier)
    noted = list(told.filter(kind="career_noted", on=on).values_list("fact_id", flat=True))
    voided = told.filter(kind="fact_voided", values__fact__in=noted).count() if noted else 0
    if len(noted) == voided:
        ledger.record(dossier, fact("career_noted", on, str(new_uuid())), fund=dossier.fund, actor=actor)
