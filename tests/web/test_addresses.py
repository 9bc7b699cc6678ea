"""An address with a NUL in it is refused on every page: the database keeps none, and looking for one fails."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.conftest import Place
from tnw.accounts.models import Role

NUL = "%00"
# The page, whose it is, and what its address asks for.
ASKED = [
    ("act", Role.COORDINATOR, "subject"),
    ("act", Role.COORDINATOR, "next"),
    ("agenda", Role.COORDINATOR, "for"),
    ("agenda", Role.COORDINATOR, "move"),
    ("agenda", Role.COORDINATOR, "who"),
    ("home", Role.COORDINATOR, "after"),
    ("home", Role.COORDINATOR, "coordinator"),
    ("search", Role.COORDINATOR, "q"),
    ("silent", Role.COORDINATOR, "after"),
    ("dossier_letter_write", Role.COORDINATOR, "subject"),
    ("dossier_plan", Role.COORDINATOR, "subject"),
    ("assessments", Role.ADVISORY_DOCTOR, "after"),
    ("decide", Role.ADVISORY_DOCTOR, "subject"),
    ("signatures", Role.COORDINATOR, "after"),
    ("figures", Role.TEAM_LEAD, "until"),
    ("reassign", Role.TEAM_LEAD, "of"),
    ("imports", Role.ADMINISTRATOR, "after"),
    ("admin:accounts_user_changelist", Role.ADMINISTRATOR, "q"),
    ("admin:accounts_user_changelist", Role.ADMINISTRATOR, "email"),
    ("access_log", Role.PRIVACY_OFFICER, "after"),
]


def address(name: str, place: Place) -> str:
    more = {"act": ["plan"], "decide": ["decide-permission"], "dossier_letter_write": ["invitation"]}
    of_dossier = name in more or name.startswith("dossier_")
    return reverse(name, args=[place.dossier.public_id, *more.get(name, [])] if of_dossier else [])


@pytest.mark.parametrize(("name", "role", "asked"), ASKED)
def test_in_what_an_address_asks_for(
    name: str, role: str, asked: str, browse: Callable[..., Client], own: Place
) -> None:
    client, dossier = browse(role), own.dossier.public_id
    for query in (f"{asked}={NUL}", f"for={dossier}&{asked}=x{NUL}", f"{asked}=x&{asked}={NUL}", f"{NUL}=1"):
        assert client.get(f"{address(name, own)}?{query}").status_code == 400, query
    assert client.post(f"{address(name, own)}?{asked}={NUL}").status_code == 400


def test_in_the_address_itself(browse: Callable[..., Client], own: Place) -> None:
    client = browse(Role.COORDINATOR)
    declaration = reverse("dossier_declaration", args=[own.dossier.public_id, "x"])
    assert client.get(f"{declaration}{NUL}").status_code == 400


@pytest.mark.parametrize(
    "path", ["account/login/?next=%00", "calendar/%00.ics", "letter/311/%00", "verify?x=%00"]
)
def test_before_anybody_signs_in(path: str, client: Client, own: Place) -> None:
    assert client.get(f"/{path}").status_code == 400
