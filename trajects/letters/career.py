"""The career as letters tell it: to a regional service, and to the insured who asks what is kept."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dossiers.documents.kinds import Matter
from dossiers.documents.letter import Block, day, table
from dossiers.identifiers import dotted_enterprise_number
from dossiers.models import CareerItem
from dossiers.models.career import CareerKind

# Aims last: what somebody did comes before what he wants to do.
_ORDER = [CareerKind.JOB, CareerKind.TRAINING, CareerKind.LANGUAGE, CareerKind.AIM]


def career_of(matter: Matter, *kinds: str) -> list[CareerItem]:
    """What stands in the career, of these kinds or of all: jobs first, the latest on top."""
    items = CareerItem.objects.visible_to(matter.actor).filter(dossier=matter.dossier, removed_at=None)
    found = [one for one in items.order_by("-pk") if not kinds or one.kind in kinds]
    found.sort(key=lambda one: one.first_day.toordinal() if one.first_day else 0, reverse=True)
    return sorted(found, key=lambda one: _ORDER.index(CareerKind(one.kind)))


def career_table(items: Sequence[CareerItem], *, whole: bool = False) -> Block:
    """The career as a table; `whole` with the notes and whom to ask at the employer."""
    head = [
        pgettext("career", "Kind"),
        pgettext("career", "What"),
        pgettext("career", "Where"),
        pgettext("career", "When"),
    ]
    return table(head, [_row(one, whole=whole) for one in items], [2, 4, 3, 3])


def _row(one: CareerItem, *, whole: bool) -> list[str]:
    physician = _("Occupational physician: %(who)s") % {
        "who": ", ".join(_said(one.physician_name, one.physician_contact))
    }
    more = [one.note, physician if one.physician_name or one.physician_contact else ""] if whole else []
    where = _said(one.organization, dotted_enterprise_number(one.enterprise_number) if whole else "")
    return [
        one.get_kind_display(),
        "\n".join(_said(", ".join(_said(one.title, one.level)), *more)),
        "\n".join(where),
        _period(one),
    ]


def _said(*texts: str) -> Iterable[str]:
    return [text for text in texts if text]


def _period(one: CareerItem) -> str:
    if one.first_day and one.last_day:
        return _("%(first)s to %(last)s") % {"first": day(one.first_day), "last": day(one.last_day)}
    if one.first_day:
        return _("since %(first)s") % {"first": day(one.first_day)}
    return _("until %(last)s") % {"last": day(one.last_day)} if one.last_day else ""
