"""Invented things, one in every state, for the page that shows all components with the very parts of the other pages."""

from datetime import UTC, date, datetime
from types import SimpleNamespace as Thing
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.law.rules import RULES
from dossiers.models.case import Regime
from dossiers.models.imports import ImportKind, ImportState
from tnw.web import words
from tnw.web.cards.card import BAD, GOOD, OPEN, OVER, PAUSED
from tnw.web.fields import day

NOBODY = UUID(int=0)
RULE = next(rule for rule in RULES if rule.id == "T9")
TONES = ("overdue", "today", "soon", "week", "later", "open", "not_open", "paused")
ENDS = ("met", "met_late", "fallen_away", "missed")
BUCKETS = ("overdue", "today", "week", "later")
COLOURS = (
    *("ink", "ink-soft", "paper", "sheet", "line", "line-strong", "edge", "edge-quiet", "hover"),
    *("petrol", "petrol-deep", "petrol-mist", "petrol-pale", "petrol-wash", "saffron"),
    *(
        name
        for tone in ("overdue", "soon", "open", "paused", "met", "fallen", "missed")
        for name in (tone, f"{tone}-wash")
    ),
)
SIZES = ("count", "h1", "h2", "lead", "base", "small")
STEPS = (1, 2, 3, 4, 5, 6)
ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Sample(forms.Form):
    """A field of every kind."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    on = day()
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("nl", "Nederlands"), ("fr", "Français"), ("de", "Deutsch")]
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("On working days, one message with all that is due for you."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    scan = forms.FileField(label=gettext_lazy("File"), required=False)
    form_of = forms.ChoiceField(
        label=gettext_lazy("Form"),
        widget=forms.RadioSelect,
        choices=[("nl", "Nederlands"), ("fr", "Français"), ("de", "Deutsch")],
    )
    digest = forms.BooleanField(label=gettext_lazy("Save"), required=False)


def samples() -> dict[str, object]:
    """All that the page of components lays before its parts."""
    return {
        "colours": COLOURS,
        "sizes": SIZES,
        "space": STEPS,
        "form": Sample(prefix="empty"),
        "row": Sample(prefix="row"),
        "wrong": Sample({"wrong-on": "31/31/2026"}, prefix="wrong"),
        "tones": [*TONES, *ENDS],
        "buckets": [(bucket, number) for bucket, number in zip(BUCKETS, (3, 1, 12, 0), strict=True)],
        "lines": [_line(tone) for tone in (*TONES, *ENDS)],
        "cards": [_card(tone) for tone in (OPEN, PAUSED, GOOD, BAD, OVER)],
        "now": _now(),
        "preview": _preview(),
        "meanwhile": _meanwhile(),
        "dossier": _dossier(),
        "person": PERSON,
        "standing": Thing(age=41, month=7, phase=_("Primary incapacity")),
        "tabs": _tabs(),
        "run": _run(),
        "refused": 2,
        "runs": [_run(), _run("applying"), _run("refused")],
        "batch": Thing(public_id=NOBODY, reassigns=True, channel="", reason=""),
        "counts": Thing(all=4, done=4, good=3, refused=1, written=0),
        "rows": _rows(),
        "next": reverse("components"),
    }


PERSON = Thing(last_name="Van Hée", first_name="Zoë", ssin="85073000160", get_language_display="Nederlands")


def _dossier() -> Thing:
    incapacity = Thing(
        person=PERSON,
        reference="311-000123",
        start=ON,
        end=None,
        get_regime_display=str(Regime.EMPLOYEE.label),
    )
    return Thing(
        public_id=NOBODY,
        incapacity=incapacity,
        coordinator=Thing(name="Mira Westerlaere"),
        team=Thing(name="West"),
    )


def _line(tone: str) -> Thing:
    said = Thing(
        title=words.rule_title(RULE.id, 1),
        kind_label=_("legal date"),
        why=str(words.BUCKETS["today"]),
        closing="",
        act_by="",
        pause=[],
        ground="KB/AR 3.7.1996, art. 215",
    )
    row = Thing(rule=RULE.id, version=RULE.valid_from, occurrence=1, falls_on=ON)
    waits = tone not in ENDS and tone != "not_open"
    return Thing(
        row=row,
        shown=tone,
        waits=waits,
        act_by=ON,
        falls_on=ON,
        whose=words.whose(RULE.id),
        words=said,
        moved=[],
        reminded_on=None,
    )


def _card(tone: str) -> Thing:
    step = Thing(title=_("Change"), url=reverse("components"), main=tone == OPEN, subject="")
    return Thing(
        title=words.kind("plan_agreed"),
        state=str(words.STATES[tone]),
        tone=tone,
        lines=[(_("Coordinator"), "Mira Westerlaere"), (_("Team"), "West")],
        course=[("02/03/2026", _("Recorded"))],
        texts=[],
        steps=[
            step,
            Thing(title=_("Look at the history"), url=reverse("components"), main=False, subject=""),
        ],
    )


def _now() -> Thing:
    one = Thing(
        title=_("Change"), url=reverse("components"), whose=words.whose(RULE.id), line=_line("overdue")
    )
    return Thing(
        next=one,
        mine=[one],
        due=[],
        missing=[],
        others=[one],
        waits=[],
        possible=[one],
        shut=[Thing(title=_("Change"), reason=_("This cannot be done now."))],
    )


def _preview() -> Thing:
    changes = [
        Thing(tone=tone, words=_line(tone).words, told="", before=None, falls_on=ON, warned=None)
        for tone in ("open", "met", "fallen_away")
    ]
    return Thing(trouble=None, resolved=False, route="", states=[], changes=changes, recorded=[])


def _meanwhile() -> Thing:
    entry = Thing(on=ON, at=AT, actor=Thing(label="Mira Westerlaere"))
    event = Thing(title=words.kind("first_contact_held"), about="", entry=entry, values=[])
    return Thing(own=False, events=[event])


def _tabs() -> list[tuple[str, str, bool]]:
    names = (
        _("Overview"),
        _("Contacts"),
        _("Traject"),
        _("Questionnaire"),
        _("Career"),
        _("Health"),
        _("Consents"),
    )
    return [(name, reverse("components"), index == 0) for index, name in enumerate(names)]


def _run(state: str = "done") -> Thing:
    return Thing(
        public_id=NOBODY,
        file_name="feed.csv",
        get_kind_display=str(ImportKind.RECOGNITIONS.label),
        state=state,
        get_state_display=state,
        started_at=AT,
        lines=1200,
        accepted=1190,
        unchanged=8,
        refused=2,
        excluded=3,
        ended=5,
        applied_through=600,
    )


def _rows() -> list[tuple[Thing, str, str]]:
    dossier = _dossier()
    given = Thing(dossier=dossier, document=None, refused="")
    refused = Thing(dossier=dossier, document=None, refused=_("This cannot be done now."))
    return [
        (given, "met", _("Given")),
        (given, "open", str(ImportState.WAITING.label)),
        (refused, "missed", ""),
    ]
