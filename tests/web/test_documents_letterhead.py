"""The letterhead in the administration: the own fund only, and a logo that a letter can bear."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from dossiers.documents import letterhead
from tnw.accounts.models import AuditEntry, Fund, User
from tnw.core import scope
from tnw.core.errors import DomainError

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def png() -> bytes:
    target = io.BytesIO()
    Image.new("RGBA", (40, 20), (0, 90, 90, 128)).save(target, format="PNG")
    return target.getvalue()


@pytest.mark.parametrize("logo", [SVG, png(), b"\xef\xbb\xbf\n" + SVG], ids=["svg", "png", "after a mark"])
def test_a_logo_stands_on_a_letter(logo: bytes) -> None:
    kept = letterhead.check(logo)
    with_it, without = (len(letterhead.specimen(Fund(name_nl="F", logo=one))) for one in (kept, b""))
    assert with_it > without


@pytest.mark.parametrize(
    ("logo", "told"),
    [
        (png() + b"\0" * letterhead.LARGEST, "larger than 200 kB"),
        (b"\xff\xd8\xff\xe0 a photograph", "Only a PNG or SVG"),
        (b"<html>", "Only a PNG or SVG"),
        (png()[:50], "cannot be put on a letter"),
        (b"<svg><rect></svg>", "cannot be put on a letter"),
    ],
)
def test_what_is_no_logo_is_refused(logo: bytes, told: str) -> None:
    with pytest.raises(DomainError, match=told):
        letterhead.check(logo)


def fields(fund: Fund, **more: Any) -> dict[str, Any]:
    names = ("name_nl", "name_fr", "name_de", "postal_code", "city")
    return {**{name: getattr(fund, name) or "x" for name in names}, "street": "Laan 2", **more}


def test_an_administrator_keeps_the_letterhead_of_the_own_fund(
    signed_in: Callable[[User], Client], administrator: User, fund: Fund, other_fund: Fund
) -> None:
    client = signed_in(administrator)
    change = reverse("admin:accounts_fund_change", args=[fund.pk])
    upload = SimpleUploadedFile("logo.svg", SVG)
    answer = client.post(change, fields(fund, new_logo=upload, second_factor="on"))
    assert answer.status_code == 302, answer.context["errors"]
    fund.refresh_from_db()
    assert (fund.street, bytes(fund.logo or b""), fund.second_factor) == ("Laan 2", SVG, True)
    with scope.funds(fund.pk):
        changed = AuditEntry.objects.filter(fund=fund).latest("pk").changes
    assert changed["logo"][1] == "***"
    wrong = client.post(change, fields(fund, new_logo=SimpleUploadedFile("logo.svg", b"nothing")))
    assert "Only a PNG or SVG" in wrong.content.decode()
    client.post(change, fields(fund, no_logo="on"))
    fund.refresh_from_db()
    assert not fund.logo
    assert client.get(reverse("admin:accounts_fund_change", args=[other_fund.pk])).status_code == 302
    assert other_fund.name_nl not in client.get(reverse("admin:accounts_fund_changelist")).content.decode()
    assert client.get(reverse("admin:accounts_fund_add")).status_code == 403


def test_the_phone_of_a_user(signed_in: Callable[[User], Client], administrator: User) -> None:
    page = signed_in(administrator).get(reverse("admin:accounts_user_change", args=[administrator.pk]))
    assert 'name="phone"' in page.content.decode()
