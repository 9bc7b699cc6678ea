"""The occupational physician and the traject at the employer, from the proposal to the decision."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers.law.facts import Fact
from dossiers.machines import fold
from dossiers.models import Dossier
from tnw.web import words
from tnw.web.cards.card import BAD, GOOD, OPEN, OVER, Card, Case, day, told
from tnw.web.words import Word
from trajects.fact_words import CODES
from trajects.models import EmployerTraject
from trajects.models.employer import BEFORE_REFERRAL, EmployerState
from trajects.policies.employer import CHANGED
from trajects.policies.sharing import EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN, consents_of, may_share

# Z9: what the letters mean, by the day of the decision.
DECIDED: dict[str, Word] = {
    "A": gettext_lazy("A: temporarily unfit for the agreed work"),
    "B": gettext_lazy("B: definitively unfit for the agreed work"),
    "C": gettext_lazy("C: an assessment is not possible now"),
}
DECIDED_BEFORE: dict[str, Word] = {
    "A": gettext_lazy(
        "A (before 1 October 2022: temporarily unfit, other or adapted work possible meanwhile)"
    ),
    "B": gettext_lazy("B (before 1 October 2022: temporarily unfit, no other work possible meanwhile)"),
    "C": gettext_lazy("C (before 1 October 2022: definitively unfit, other or adapted work possible)"),
    "D": gettext_lazy("D (before 1 October 2022: definitively unfit, no other work possible)"),
    "E": gettext_lazy("E (before 1 October 2022: no traject for medical reasons)"),
}

S = EmployerState
TONES: dict[str, str] = {S.DECLINED: BAD, S.NOT_ASKED: OVER, S.ENDED: GOOD}


def cards(case: Case) -> Iterator[Card]:
    rows = sorted(case.dossier.employer_trajects.all(), key=lambda one: one.number)
    theirs = _by_number(case) if rows else {}
    for one in rows:
        facts = theirs.get(one.number, [])
        asked = next((fact.get("asks_for", "") for fact in facts if fact.get("asks_for")), "")
        fell_with = _fell_with(one, facts)
        yield Card(
            of=EmployerTraject.NAME,
            title=_("Occupational physician and traject at the employer"),
            state=pgettext("employer", "Referral fell away") if fell_with else one.get_state_display(),
            tone=TONES.get(one.state, OPEN),
            lines=told(
                (_("Consent"), _consent(case, one)),
                (_("Referred on"), one.referred_on),
                (_("Asks for"), CODES["asks_for"].get(asked, "")),
                (_("Visit before resumption"), one.visited_on),
                (_("Outcome"), CODES["outcome"].get(one.outcome, "")),
                (_("No traject at the employer asked for since"), one.decided_on),
                (_("Traject at the employer since"), one.started_on),
                (_("Asked by"), CODES["requested_by"].get(one.requested_by, "")),
                (_("Ended on"), one.ended_on),
                (_("Decision"), _decision(one)),
                (_("Plan of the employer refused by"), CODES["refused_by"].get(one.refused_by, "")),
                (_("A plan of the employer was carried out"), _("yes") if one.plan_carried_out else ""),
                (_("Why it fell away"), fell_with),
            ),
            texts=[
                text
                for fact in facts
                # Consents stand under Consents, and what ended around it stands there.
                if fact.id in case.notes and EmployerTraject.key_of(fact) not in EmployerTraject.ELSEWHERE
                for text in case.notes[fact.id].texts
            ],
        )


def _consent(case: Case, one: EmployerTraject) -> Word:
    """What the referral waits for, or that it has it; after it, it is done."""
    if one.state not in BEFORE_REFERRAL:
        return ""
    may = may_share(case.dossier, OCCUPATIONAL_PHYSICIAN, EMPLOYER_REFERRAL)
    if may:
        return pgettext("consent", "given")
    asked = consents_of(case.dossier).get((EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN))
    return words.CONSENTS[asked][1] if asked in ("refused", "withdrawn") else _("not given yet")


def _decision(one: EmployerTraject) -> Word:
    """In words: the letters meant something else before they changed (Z9)."""
    if not one.decision or one.ended_on is None:
        return ""
    letters = DECIDED if one.ended_on >= CHANGED else DECIDED_BEFORE
    return letters.get(one.decision, one.decision)


def waits(dossier: Dossier) -> Iterator[str]:
    """What the employer has to do; the visit to the occupational physician is a step of the coordinator."""
    for one in dossier.employer_trajects.all():
        if one.state == S.RUNNING and one.started_on:
            yield _("The end of the traject at the employer, which runs since %(day)s") % {
                "day": day(one.started_on)
            }


def _by_number(case: Case) -> dict[int, list[Fact]]:
    """The facts of each, told apart as the states are: these facts name no subject."""
    own = [fact for fact in case.facts if EmployerTraject.key_of(fact)]
    found: dict[int, list[Fact]] = {}
    for count, fact in enumerate(own, start=1):
        if made := fold(EmployerTraject, own[:count]).made:
            found.setdefault(len(made), []).append(fact)
    return found


def _fell_with(one: EmployerTraject, facts: Sequence[Fact]) -> str:
    """With what a proposal fell away that nobody declined."""
    ends = (fact for fact in facts if EmployerTraject.transition_of(fact) in ("decline", "fall_away"))
    ended = next(ends, None)
    if one.state != S.DECLINED or ended is None:
        return ""
    return {"traject_ended": _("with the return-to-work traject"), "route_closed": _("with route B")}.get(
        ended.kind, ""
    )
