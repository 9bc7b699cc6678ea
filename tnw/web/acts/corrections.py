"""Taking back what was recorded wrongly, and correcting what was recorded of another day or with other values (T20)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers import acts
from dossiers.consents import may_lose_consent
from dossiers.law.facts import TEXT_LIMIT, Fact, corrected
from dossiers.law.kinds import KINDS, Value
from dossiers.models import LedgerEntry
from dossiers.policies.corrections import COMPLETED, FIXED, may_correct, may_restore, may_void
from dossiers.reading import facts_of, signed_here
from dossiers.restoring import can_stand_again, restore
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web import words
from tnw.web.acts.act import Act, Data, Occasion
from tnw.web.acts.fields import ActForm, choice, text
from tnw.web.fields import day, hour
from trajects.fact_words import NAMES, VOIDS

RADIOS = 6
YES_NO = [("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No"))]


class VoidForm(ActForm):
    """Why it was wrong."""

    reason = choice(_("Why"), list(VOIDS.items()))


class RestoreForm(ActForm):
    """Why it was right after all."""

    reason = text(
        _("Why it stands again"),
        required=True,
        rows=3,
        hint=_("Read by whoever may read what stands beside the fact itself."),
    )


class CorrectForm(ActForm):
    """The day and the plain values as they should have been: a field for each value that this kind of fact has."""

    on = day()
    reason = text(
        _("Why it is corrected"),
        required=True,
        rows=3,
        hint=_("Read by whoever may read what stands beside the fact itself."),
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        """As the fact reads now, earlier corrections applied."""
        reads = _reads(occasion)
        told: dict[str, Any] = {"on": reads.on}
        for value in _values(reads.kind):
            told |= _shown(value, reads.get(value.name))
        return told

    def fit(self, occasion: Occasion) -> None:
        kind = _entry(occasion).kind
        reason = self.fields.pop("reason")
        for value in _values(kind):
            self.fields |= _fields(value)
        self.fields["reason"] = reason
        self.elsewhere = {value.name: _places(value)[0] for value in _values(kind)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for value in _values(_entry(self.occasion).kind):
            places = _places(value)
            given = [data.get(place) not in (None, "") for place in places]
            if len(places) > 1 and any(given) and not all(given):
                lacking = places[given.index(False)]
                if lacking not in self.errors:
                    self.add_error(lacking, _("A moment is a day with its time."))
        if not self.errors:
            data["values"] = {
                value.name: _given(value, data) for value in _values(_entry(self.occasion).kind)
            }
        return data


def _entry(occasion: Occasion) -> LedgerEntry:
    assert occasion.entry is not None
    return occasion.entry


def _values(kind: str) -> Iterator[Value]:
    """What a person may say anew of this kind of fact."""
    fixed = words.MACHINES_OWN | FIXED.get(kind, frozenset())
    return (value for value in KINDS[kind].values if value.name not in fixed and value.type != "changes")


def _reads(occasion: Occasion) -> Fact:
    """The fact with its corrections; as it was recorded where it is taken back."""
    entry = _entry(occasion)
    entries = LedgerEntry.objects.visible_to(occasion.actor).filter(dossier=occasion.dossier)
    facts = facts_of([entry, *entries.filter(kind="fact_corrected", values__fact=entry.fact_id)])
    return next(fact for fact in corrected(facts) if fact.id == entry.fact_id)


def _places(value: Value) -> tuple[str, ...]:
    """The names of a value's fields; never those that a form or page has of its own."""
    name = f"value_{value.name}"
    return (f"{name}_day", f"{name}_time") if value.type == "moment" else (name,)


def _shown(value: Value, told: Any) -> dict[str, Any]:
    """A value as its fields show it."""
    places = _places(value)
    if told is None:
        return {}
    if value.type == "moment":
        at = told.astimezone(clock.BRUSSELS)
        return dict(zip(places, (at.date(), at.time()), strict=True))
    if value.type == "bool":
        return {places[0]: "yes" if told else "no"}
    return {places[0]: str(told) if value.codes else told}


def _given(value: Value, data: Data) -> Any:
    """A value as the ledger takes it."""
    told: list[Any] = [data.get(place) for place in _places(value)]
    if told[0] in (None, ""):
        return None
    if value.type == "moment":
        return datetime.combine(told[0], told[1], clock.BRUSSELS)
    if value.type == "bool":
        return told[0] == "yes"
    if value.type == "text":
        return " ".join(told[0].split())
    return int(told[0]) if value.type == "int" else told[0]


def _fields(value: Value) -> dict[str, forms.Field]:
    """The fields of one value, by its type."""
    label: Any = NAMES.get(value.name, value.name)
    places, needed = _places(value), value.required
    if value.type == "moment":
        at = hour()
        at.required = needed
        return {places[0]: day(label, required=needed), places[1]: at}
    if value.type == "date":
        return {places[0]: day(label, required=needed)}
    if value.type == "bool":
        return {places[0]: _choices(label, YES_NO, needed=needed)}
    if value.codes:
        codes = [(str(code), _word(value.name, code)) for code in value.codes]
        return {places[0]: _choices(label, codes, needed=needed)}
    if value.type in ("int", "decimal"):
        field = forms.IntegerField if value.type == "int" else forms.DecimalField
        return {places[0]: field(label=label, required=needed, validators=[MinValueValidator(0)])}
    return {places[0]: forms.CharField(label=label, required=needed, max_length=TEXT_LIMIT)}


def _choices(label: Any, codes: list[tuple[str, Any]], *, needed: bool) -> forms.ChoiceField:
    if needed and len(codes) <= RADIOS:
        return choice(label, codes)
    empty = [] if needed else [("", pgettext_lazy("value", "not said"))]
    return forms.ChoiceField(label=label, required=needed, choices=[*empty, *codes])


def _word(name: str, code: Any) -> Any:
    """A code in words; a number stays one."""
    return next(text for _name, text in words.values({name: str(code)}))


def _may_void(occasion: Occasion) -> Verdict:
    entry, contradicts = _entry(occasion), bool(occasion.dossier.out_of_order)
    signed = _signed(occasion, entry)
    may = may_void(occasion.actor, entry.kind, entry.values, signed=signed, contradicts=contradicts)
    if not may or entry.kind != "consent_given":
        return may
    return may_lose_consent(acts.happened(occasion.dossier), entry.fact_id, contradicts=contradicts)


def _signed(occasion: Occasion, entry: LedgerEntry) -> bool:
    entries = LedgerEntry.objects.visible_to(occasion.actor).filter(dossier=occasion.dossier)
    return entry.kind == COMPLETED and entry.subject in signed_here(entries.filter(kind="declaration_signed"))


def _may_correct(occasion: Occasion) -> Verdict:
    entry = _entry(occasion)
    if not (may := may_correct(occasion.actor, entry.kind, entry.values, signed=_signed(occasion, entry))):
        return may
    entries = LedgerEntry.objects.visible_to(occasion.actor).filter(dossier=occasion.dossier)
    if entries.filter(kind="fact_voided", values__fact=entry.fact_id).exists():
        return Verdict(False, _("This fact is voided already."))
    return may


def _may_restore(occasion: Occasion) -> Verdict:
    entry = _entry(occasion)
    if not (may := may_restore(occasion.actor, entry.kind, entry.values)):
        return may
    entries = LedgerEntry.objects.visible_to(occasion.actor).filter(dossier=occasion.dossier)
    return can_stand_again(facts_of(entries), entry.fact_id)


def _correct(occasion: Occasion, told: Data, seen: int) -> object:
    return acts.correct(
        **occasion.who,
        on=occasion.today,
        fact_id=occasion.subject,
        day=told["on"],
        values=told["values"],
        reason=told["reason"],
        seen=seen,
    )


ACTS = (
    Act(
        slug="correction",
        title=lambda occasion: _("Take back what was recorded wrongly"),
        hint=_(
            "It stays readable, struck through. The dates and states that follow from it are worked out anew."
        ),
        button=_("Take it back"),
        told=_("It is taken back; the dates are worked out anew."),
        form=VoidForm,
        may=_may_void,
        do=lambda occasion, told, seen: acts.void(
            **occasion.who, on=occasion.today, fact_id=occasion.subject, reason=told["reason"], seen=seen
        ),
        names="fact",
    ),
    Act(
        slug="restore",
        title=lambda occasion: _("Let what was taken back stand again"),
        hint=_(
            "It is recorded anew as it read, with the text beside it: what rests on it stays. The dates and states that "
            "follow from it are worked out anew."
        ),
        button=_("Let it stand again"),
        told=_("It stands again; the dates are worked out anew."),
        form=RestoreForm,
        may=_may_restore,
        do=lambda occasion, told, seen: restore(
            **occasion.who, on=occasion.today, fact_id=occasion.subject, reason=told["reason"], seen=seen
        ),
        names="fact",
    ),
    Act(
        slug="correct",
        title=lambda occasion: _("Correct what was recorded"),
        hint=_(
            "It stays readable as it was recorded, with the correction beside it. The dates and states that follow "
            "from it are worked out anew."
        ),
        button=_("Correct it"),
        told=_("It is corrected; the dates are worked out anew."),
        form=CorrectForm,
        may=_may_correct,
        do=_correct,
        names="fact",
    ),
)
