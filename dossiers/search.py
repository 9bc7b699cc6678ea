"""Finding an insured person by name, SSIN or the reference of a dossier, without a detour around the wall.

`like` is not leakproof, so under row-level security it never reaches the index; a range of bytes does.
"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q, QuerySet

from dossiers.identifiers import is_ssin
from dossiers.models import Incapacity, InsuredPerson
from tnw.accounts.models import Actor

# What NFKD leaves whole although people type it plainly.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
LONGEST = InsuredPerson._meta.get_field("search_name").max_length
_HIGHEST = "\U0010ffff"


class After(NamedTuple):
    """The last person already shown, from which the next page goes on."""

    search_name: str
    person_id: int


@lru_cache(maxsize=20_000)
def normalize(text: str) -> str:
    """Letters, digits and single spaces, without accents or case: how names are kept for searching."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN)).casefold()
    kept = (ch if ch.isalnum() else " " for ch in plain if not unicodedata.combining(ch) and ch not in "'’")
    return " ".join("".join(kept).split())


def searchable(last_name: str, first_name: str) -> str:
    """A person's name as it is kept for searching, cut where its column ends."""
    return f"{normalize(last_name)} {normalize(first_name)}".strip()[:LONGEST]


def as_ssin(text: str) -> str:
    """The eleven digits, where the text is an SSIN written in any usual way; otherwise nothing."""
    digits = "".join(ch for ch in text if ch.isascii() and ch.isdigit())
    rest = set(text) - set(digits) - set(" .-/")
    return digits if len(digits) == 11 and not rest else ""


def persons(actor: Actor, text: str, after: After | None = None) -> QuerySet[InsuredPerson]:
    """Persons whose name begins like this (last name first, or first name first), or with this SSIN or reference.

    In the order of their names; empty text or a wrong SSIN finds nobody.
    """
    seen = InsuredPerson.objects.visible_to(actor)
    if any(ch.isdigit() for ch in text):  # no name has one
        known = seen.filter(
            incapacities__in=Incapacity.objects.visible_to(actor).filter(reference=text.strip())
        )
        if known.exists():
            return known
    if ssin := as_ssin(text):
        if not is_ssin(ssin):
            return seen.none()
        known = seen.filter(ssin=ssin)
        # Few have a former number: their index is read through, where the number of today finds nobody.
        return (
            known if known.exists() else seen.exclude(former_ssins=[]).filter(former_ssins__contains=[ssin])
        )
    words = normalize(text).split()
    if not words:
        return seen.none()
    found = _begins(" ".join(words))
    for at in range(1, min(len(words), 4)):
        # The first name first: what follows it begins the last name. `contains` only sifts what the range found.
        found |= _begins(" ".join(words[at:])) & Q(search_name__contains=" " + " ".join(words[:at]))
    people = seen.filter(found).order_by("search_name", "pk")
    if after:
        people = people.filter(
            Q(search_name__gt=after.search_name) | Q(search_name=after.search_name, pk__gt=after.person_id),
            search_name__gte=after.search_name,
        )
    return people


def _begins(prefix: str) -> Q:
    return Q(search_name__gte=prefix, search_name__lt=prefix + _HIGHEST)
