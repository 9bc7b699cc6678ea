"""The pages of a correction: a form of each kind of fact, what it will move, and the banner of what contradicts."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, corrected
from dossiers.law.kinds import CORRECTIONS, KINDS
from dossiers.models import Dossier, LedgerEntry
from dossiers.projection import facts_of
from tests.corrections.test_correct import LIFE
from tests.web.cases import STATES, TODAY, address, appointment, typed
from tests.web.conftest import browse, stand, static_files_from_their_sources  # noqa: F401
from tnw.accounts import actors
from tnw.accounts.models import Role
from tnw.core import clock, scope
from tnw.web.acts.act import Occasion
from tnw.web.acts.corrections import CorrectForm, _fields, _given, _shown, _values

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.TEAM_LEAD
pytestmark = pytest.mark.usefixtures("static_files_from_their_sources")


def reads(dossier: Dossier, fact_id: str) -> Fact:
    with scope.funds(dossier.fund_id):
        facts = corrected(facts_of([dossier.pk])[dossier.pk])
    return next(one for one in facts if one.id == fact_id)


def test_t20_a_correction_with_its_preview_and_history(browse: Browse, stand: Stand) -> None:  # noqa: F811
    dossier = stand([*STATES["referred"], appointment(date(2026, 6, 22), "first_contact")])
    client = browse(D)
    history = reverse("dossier_history", args=[dossier.public_id])
    page = client.get(history).content.decode()
    for act in ("correct", "correction"):
        assert f"{address(dossier, act)}?subject=r-1" in page
    url = address(dossier, "correct", "r-1")
    assert 'value="01/06/2026"' in client.get(url).content.decode()
    told = {"on": "08/06/2026", "reason": "Typed a week too early."}
    answer = client.post(url, typed(dossier, preview="1", **told), headers={"HX-Request": "true"})
    (change,) = answer.context["preview"].changes
    assert (str(change.told), change.before, change.falls_on) == ("moves", date(2026, 7, 1), date(2026, 7, 8))
    assert "01/07/2026" in answer.content.decode()
    assert reads(dossier, "r-1").on == date(2026, 6, 1)
    answer = client.post(url, typed(dossier, **told))
    assert answer.status_code == 302
    page = client.get(history).content.decode()
    assert "Typed a week too early." in page
    assert "corrected" in page
    # Prefilled with how it reads now.
    assert 'value="08/06/2026"' in client.get(url).content.decode()
    for given, field in (("16/06/2026", "on"), ("01/01/2026", "on"), ("08/06/2026", None)):
        answer = client.post(url, typed(dossier, on=given, reason="x"))
        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == [field or "__all__"], given


def test_t20_a_moment_and_codes(browse: Browse, stand: Stand) -> None:  # noqa: F811
    dossier = stand([*STATES["referred"], appointment(date(2026, 6, 22), "first_contact")])
    client = browse(C)
    url = address(dossier, "correct", "ap-1")
    form = client.get(url).context["form"]
    assert form.initial["value_at_day"] == date(2026, 6, 22)
    told = {
        "on": "05/06/2026", "reason": "Other hour.", "value_purpose": "first_contact", "value_form": "",
        "value_at_day": "23/06/2026", "value_at_time": "",
    }  # fmt: skip
    assert "value_at_time" in client.post(url, typed(dossier, **told)).context["form"].errors
    answer = client.post(url, typed(dossier, **{**told, "value_at_time": "11:15"}))
    assert answer.status_code == 302, answer.context["form"].errors
    one = reads(dossier, "ap-1")
    assert one.get("at") == datetime(2026, 6, 23, 11, 15, tzinfo=clock.BRUSSELS)
    assert one.get("form") is None
    # The doctor's assessment is not the coordinator's to correct, and a correction is nobody's.
    assert client.get(address(dossier, "correct", "a-1")).status_code == 403
    with scope.funds(dossier.fund_id):
        correction = LedgerEntry.objects.get(dossier=dossier, kind="fact_corrected")
    assert browse(L).get(address(dossier, "correct", correction.fact_id)).status_code == 403
    assert client.get(address(dossier, "correct", "nothing")).status_code == 404
    assert client.get(address(dossier, "correct")).status_code == 404


def test_t20_the_form_of_every_kind_gives_back_what_it_shows() -> None:
    for kind in KINDS:
        if kind in CORRECTIONS:
            continue
        for value in _values(kind):
            some = {
                "code": value.codes[-1] if value.codes else "", "int": value.codes[-1] if value.codes else 3,
                "bool": False, "date": TODAY, "text": "RR 1", "slug": "x",
                "moment": datetime(2026, 6, 22, 10, tzinfo=clock.BRUSSELS), "decimal": 12,
            }[value.type]  # fmt: skip
            fields, shown = _fields(value), _shown(value, some)
            assert fields.keys() == shown.keys(), (kind, value.name)
            cleaned = {name: field.clean(shown[name]) for name, field in fields.items()}
            assert _given(value, cleaned) == some, (kind, value.name)
            if not value.required:
                assert _given(value, {name: field.clean("") for name, field in fields.items()}) is None


def test_t20_the_banner_names_what_contradicts_and_the_lead_resolves_it(browse: Browse, stand: Stand) -> None:  # noqa: F811
    dossier = stand(LIFE)
    client = browse(C)
    url = reverse("dossier", args=[dossier.public_id])
    answer = client.post(address(dossier, "correction", "z-1"), typed(dossier, reason="mistake"))
    assert answer.status_code == 302
    page = client.get(url).content.decode()
    assert "Positive engagement declaration complete" in page
    for act in ("correct", "correction"):
        assert f"{address(dossier, act)}?subject=d-2" in page
    assert "The last correction was of “Reintegration traject started”" in page
    # Whoever else acts is refused, with the reason.
    assert client.get(address(dossier, "hold-contact")).status_code == 403
    doctor = browse(D).get(url).content.decode()
    assert f"{address(dossier, 'correction')}?subject=d-2" not in doctor
    assert "The team lead can correct or take back all of it." in doctor
    lead = browse(L)
    data = typed(dossier, preview="1", reason="mistake")
    answer = lead.post(address(dossier, "correction", "d-2"), data, headers={"HX-Request": "true"})
    assert not answer.context["preview"].resolved, "the declaration has no ground either"
    for wrong in ("d-2", "d-s0", "d-s1", "d-s2"):
        lead.post(address(dossier, "correction", wrong), typed(dossier, reason="mistake"))
    data = typed(dossier, preview="1", reason="mistake")
    answer = lead.post(address(dossier, "correction", "d-1"), data, headers={"HX-Request": "true"})
    assert answer.context["preview"].resolved
    lead.post(address(dossier, "correction", "d-1"), typed(dossier, reason="mistake"))
    assert "contradicts itself" not in lead.get(url).content.decode()
    assert browse(C).get(address(dossier, "hold-contact")).status_code == 200


def test_t20_what_was_worked_out_or_signed_is_taken_back_instead(stand: Stand) -> None:  # noqa: F811
    dossier = stand(LIFE)
    with scope.funds(dossier.fund_id):
        entry = LedgerEntry.objects.get(dossier=dossier, fact_id="d-s0")
        form = CorrectForm(occasion=Occasion(dossier, actors.system(), TODAY, "d-s0", entry=entry))
        assert list(form.fields) == ["on", "value_method", "reason"]
