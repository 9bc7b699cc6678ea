"""The full copy of the dossier for the insured: all that he may have, and who looked at it. No medical text."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers import consents
from dossiers.documents.kinds import Kind, Matter, kinds
from dossiers.documents.letter import (
    Block,
    Letter,
    bullets,
    day,
    details,
    heading,
    moment,
    note,
    paragraph,
    paragraphs,
    table,
)
from dossiers.documents.words import salutation
from dossiers.explanations import explain
from dossiers.identifiers import dotted_enterprise_number, dotted_ssin
from dossiers.law.rules import rule_of
from dossiers.models import Channel, DispatchState, Document, LedgerEntry
from dossiers.notes import Note, not_medical
from dossiers.reading import by_day, deadlines_of, entries_of, facts_of, reassignments_of
from tnw.accounts.access import THROUGH
from tnw.accounts.models import AccessLog
from trajects.fact_words import KINDS as HAPPENED
from trajects.fact_words import kind, labelled, values
from trajects.letters import plan
from trajects.letters.career import career_of, career_table
from trajects.policies.sharing import PARTY, PURPOSE
from trajects.versions import versions_of

CONSENTS = {
    consents.GIVEN: HAPPENED["consent_given"],
    consents.REFUSED: HAPPENED["consent_refused"],
    consents.WITHDRAWN: HAPPENED["consent_withdrawn"],
}


def copy(matter: Matter) -> Letter:
    """Everything, in chapters."""
    entries = entries_of(matter.actor, matter.dossier)
    blocks = [
        salutation(),
        paragraph(
            _("You asked for a copy of your return-to-work dossier. This is what we keep of you on %(day)s.")
            % {"day": day(matter.today)}
        ),
        note(
            _(
                "Medical data are not in this copy: what the doctors write down, and what you told of your health in the "
                "questionnaire. The advisory doctor of the fund gives you those, or gives them to a doctor of your choice."
            )
        ),
        *paragraphs(matter.said.get("text", "")),
        *_who(matter),
        *_happened(matter, entries),
        *_dates(matter),
        *_appointments(matter),
        *_plans(matter),
        *_chapter(
            _("Your career"), [career_table(found, whole=True)] if (found := career_of(matter)) else []
        ),
        *_consents(entries),
        *_letters(matter),
        *_looked(matter),
        *_rights(matter),
    ]
    return Letter(_("Copy of your return-to-work dossier"), blocks)


def _chapter(title: str, blocks: Sequence[Block]) -> list[Block]:
    """A chapter; what has nothing in it says so, so that nobody wonders what was left out."""
    return [heading(title), *(blocks or [paragraph(_("Nothing is kept of this."))])]


def _who(matter: Matter) -> list[Block]:
    incapacity = matter.dossier.incapacity
    person = incapacity.person
    changed = reassignments_of(matter.actor, matter.dossier)
    coordinators = [f"{day(timezone.localdate(one.at))}: {one.after.name}" for one in reversed(changed)]
    now = matter.dossier.coordinator
    return _chapter(
        _("Who you are, and your incapacity for work"),
        [
            details(
                (_("Name"), str(person)),
                (_("National register number"), dotted_ssin(person.ssin)),
                (_("Former national register numbers"), ", ".join(map(dotted_ssin, person.former_ssins))),
                (_("Date of birth"), day(person.birth_date) if person.birth_date else ""),
                (_("Address"), f"{person.street}, {person.postal_code} {person.city}"),
                (_("Phone"), person.phone),
                (_("E-mail"), person.email),
                (_("Language"), person.get_language_display()),
                (_("Incapable of work since"), day(incapacity.start)),
                (_("Last recognized day"), day(incapacity.end) if incapacity.end else ""),
                (_("Recognized as an invalidity from"), day(invalid) if (invalid := incapacity.invalidity_from) else ""),
                (_("Regime"), incapacity.get_regime_display()),
                (_("Cause"), incapacity.get_cause_display()),
                (_("Enterprise number"), dotted_enterprise_number(incapacity.employer_number)),
                (_("Employment contract"), _("yes") if incapacity.employment_contract else _("no")),
                (_("Team"), matter.dossier.team.name if matter.dossier.team else ""),
                (_("Coordinator"), now.name if now else ""),
                (_("Coordinators since"), "\n".join(coordinators)),
            )
        ],
    )  # fmt: skip


def _happened(matter: Matter, entries: Sequence[LedgerEntry]) -> list[Block]:
    """Every fact by day, in words; what was taken back or corrected says so."""
    ordered = by_day(entries)
    # What a plan says has its own chapter.
    notes = not_medical(matter.actor, (one for one in ordered if one.kind != "plan_agreed"))
    names = {one.fact_id: str(kind(one.kind)) for one in ordered}
    voided = {one.values.get("fact") for one in ordered if one.kind == "fact_voided"}
    rows = [
        [day(one.on), "\n".join(_told(one, names, voided, notes.get(one.fact_id))), one.actor.label]
        for one in ordered
    ]
    head = [_("Day"), _("What happened"), _("Recorded by")]
    return _chapter(_("What happened"), [table(head, rows, [3, 7, 3])] if rows else [])


def _told(
    one: LedgerEntry, names: Mapping[str, str], voided: set[object], text: Note | None
) -> Iterator[str]:
    title = names[one.fact_id]
    if about := names.get(str(one.values.get("fact", ""))):
        title = labelled(title, about)
    yield _("%(fact)s (taken back later)") % {"fact": title} if one.fact_id in voided else title
    yield from (labelled(name, value) for name, value in values(one.values))
    if text and text.erased:
        yield _("The text beside it was erased.")
    elif text:
        yield from text.texts


def _dates(matter: Matter) -> list[Block]:
    """Each date with why it falls there, and on which ground."""
    regime, today = matter.dossier.incapacity.regime, matter.today
    rows = []
    for deadline, row in deadlines_of(matter.actor, matter.dossier, today):
        words = explain(deadline, regime=regime, today=today)
        # That we have not read the article ourselves yet is our concern, and none of the insured.
        ground = _(rule_of(row.rule, row.version, regime).ground.text(regime))
        why = [words.why, *words.pause, words.closing, ground]
        rows.append([day(row.falls_on_at(today)), words.title, "\n".join(text for text in why if text)])
    head = [pgettext("date", "Date"), pgettext("date", "What"), pgettext("date", "Why")]
    return _chapter(_("Dates that the law or the fund sets"), [table(head, rows, [3, 4, 7])] if rows else [])


def _appointments(matter: Matter) -> list[Block]:
    its = sorted(matter.dossier.appointments.all(), key=lambda one: one.at)
    rows = [
        [moment(one.at), one.get_purpose_display(), one.get_form_display(), one.get_state_display()]
        for one in its
    ]
    head = [pgettext("letter", "When"), _("Purpose"), _("How"), _("What became of it")]
    return _chapter(_("Appointments"), [table(head, rows, [5, 4, 3, 4])] if rows else [])


def _plans(matter: Matter) -> list[Block]:
    blocks: list[Block] = []
    for version in versions_of(matter.actor, matter.dossier):
        blocks.append(paragraph(plan.title(version.plan)))
        blocks += plan.told(version.contents) if version.contents else [paragraph(_("The text was erased."))]
    return _chapter(_("Your reintegration plan"), blocks)


def _consents(entries: Sequence[LedgerEntry]) -> list[Block]:
    rows = [
        [PURPOSE.get(one.purpose, one.purpose), PARTY.get(one.party, one.party), CONSENTS[step.state], day(step.on)]
        for one in consents.register(facts_of(entries))
        for step in one.steps
    ]  # fmt: skip
    head = [_("For what"), _("With whom"), _("What you said"), _("Day")]
    return _chapter(_("Your consents"), [table(head, rows, [4, 4, 4, 3])] if rows else [])


def _letters(matter: Matter) -> list[Block]:
    """Every document that was made, to whom, and how it went."""
    made = Document.objects.visible_to(matter.actor).filter(dossier=matter.dossier).defer("content")
    rows = []
    for one in made.prefetch_related("dispatches").order_by("pk"):
        known = kinds().get(one.kind)
        name = str(known.name) if known else one.title
        to = str(PARTY.get(one.party, one.party)) if one.party else pgettext("letter", "you")
        rows.append([day(one.made_on), f"{name}\n{one.reference}", to, "\n".join(_went(one))])
    head = [_("Day"), _("Document"), pgettext("letter", "To"), _("How it went")]
    return _chapter(_("Letters and documents"), [table(head, rows, [3, 5, 3, 5])] if rows else [])


def _went(one: Document) -> Iterator[str]:
    """By which channel, on which day, with which number; and that it came back."""
    for way in sorted(one.dispatches.all(), key=lambda way: way.pk):
        told = [str(Channel(way.channel).label)]
        if way.sent_on:
            told.append(f"{DispatchState.SENT.label.lower()} {day(way.sent_on)}")
        else:
            told.append(way.get_state_display().lower())
        if way.returned_on:
            told += [f"{DispatchState.RETURNED.label.lower()} {day(way.returned_on)}", way.returned_why]
        yield ", ".join(part for part in (*told, way.number) if part)


class _Look(NamedTuple):
    """Somebody who looked on a day, and through what."""

    on: str
    who: str
    through: str


def _looked(matter: Matter) -> list[Block]:
    """Who opened the dossier, by day: several times a day is told once, with how often."""
    log = AccessLog.objects.filter(fund_id=matter.dossier.fund_id, dossier_id=matter.dossier.pk)
    seen = [
        _Look(day(timezone.localdate(one.at)), one.actor.label, str(THROUGH.get(one.through, one.through)))
        for one in log.select_related("actor").order_by("at", "pk")
    ]
    days = [(on, sorted(looks)) for on, looks in groupby(seen, key=lambda look: look.on)]
    rows = [
        [on, look.who, look.through, len(list(same))] for on, looks in days for look, same in groupby(looks)
    ]
    head = [_("Day"), _("Who"), pgettext("access", "Through"), pgettext("access", "Times")]
    return _chapter(_("Who looked at your dossier"), [table(head, rows, [3, 4, 4, 1])] if rows else [])


def _rights(matter: Matter) -> list[Block]:
    return _chapter(
        _("Your rights"),
        [
            bullets(
                [
                    _("What is wrong is corrected: tell your coordinator what it should be."),
                    _(
                        "A consent can be withdrawn at any moment; from then on nothing is shared for it any more."
                    ),
                    _(
                        "With a question about your data you can turn to the data protection officer of the fund."
                    ),
                    _("You can lodge a complaint with the Belgian Data Protection Authority."),
                ]
            )
        ],
    )


KINDS = (
    Kind(
        "dossier_copy",
        gettext_lazy("Full copy of the dossier"),
        copy,
        nothing=gettext_lazy("There is nothing to copy."),
        asks={"text": gettext_lazy("What you want to add")},
        # Not by a link in a mail: a mailbox and a date of birth are too little for all of it.
        channels=(Channel.POST, Channel.REGISTERED, Channel.HANDED_OVER),
    ),
)  # fmt: skip
