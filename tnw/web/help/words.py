"""The glossary: what each legal word means, and what it is called in the other languages of the country."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import combining, normalize

from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("nl", "fr", "de")


class Term(NamedTuple):
    """A word by its English source, and what it means."""

    word: str | Promise
    means: str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as the reader sees it; `elsewhere` is language and word in each of the other languages."""

    word: str
    means: str
    elsewhere: tuple[tuple[str, str], ...]


TERMS: tuple[Term, ...] = (
    Term(_("insured person"), _("Who is incapacitated for work and insured with this fund.")),
    Term(
        _("advisory doctor"),
        _("The fund's doctor: assesses, refers to the coordinator, gives permission and advice, and signs."),
    ),
    Term(
        _("medical team"),
        _("Works for the advisory doctor: assesses and writes health notes, but refers and permits nothing."),
    ),
    Term(
        _("return-to-work coordinator"),
        _("Guides the insured person: contacts, plan, partners and training."),
    ),
    Term(_("occupational physician"), _("The employer's doctor for prevention and protection at work.")),
    Term(_("regional service"), _("VDAB, Forem, Actiris or the ADG: it guides people to work.")),
    Term(
        _("incapacity for work"),
        _("One recognized period. All weeks and months are counted from its first day."),
    ),
    Term(_("primary incapacity"), _("The first year of an incapacity.")),
    Term(_("invalidity"), _("An incapacity from a year on, once RIZIV has recognized it.")),
    Term(_("regime"), _("Employee, unemployed or self-employed: the law differs in some periods.")),
    Term(
        _("return-to-work dossier"),
        _("All that is kept of one incapacity: contacts, plan, career, documents."),
    ),
    Term(_("return-to-work traject"), _("The guided return as a whole. It is voluntary.")),
    Term(
        _("reintegration traject"),
        _("The formal part inside a traject: engagement declaration, plan and reviews."),
    ),
    Term(
        _("traject at the employer"),
        _("Led by the occupational physician. While it runs, the fund's is suspended."),
    ),
    Term(_("route A"), _("The advisory doctor takes the initiative: questionnaire, assessment, referral.")),
    Term(_("route B"), _("The insured person asks for it; the advisory doctor gives permission.")),
    Term(_("route C"), _("In invalidity, through a registration with a regional service.")),
    Term(_("questionnaire"), _("Asked after ten weeks: how the insured person is, and what could help.")),
    Term(
        _("assessment of the remaining capacities"),
        _(
            "In four categories: 1 resumes unaided, 2 not possible, 3 not now, 4 possible with help or adaptations."
        ),
    ),
    Term(_("referral"), _("The advisory doctor sends the insured person to the coordinator.")),
    Term(
        _("first contact"), _("The coordinator explains the role, looks for a first step and asks consent.")
    ),
    Term(_("follow-up interview"), _("A later interview of coordinator and insured person.")),
    Term(_("consent"), _("For data processing, and for each party that is consulted. It can be withdrawn.")),
    Term(
        _("engagement declaration"),
        _(
            "Signed by the insured person, the coordinator and the advisory doctor: they look for work together. It is "
            "drawn up on the tab Traject of the dossier, once the reintegration traject is started there."
        ),
    ),
    Term(_("reintegration plan"), _("Objectives, the result aimed for, actions and the next interview.")),
    Term(_("review of the plan"), _("Every three months, together with the insured person.")),
    Term(
        _("presumption of incapacity"),
        _("For six months at most from the last signature, and for the days of an approved training."),
    ),
    Term(
        _("adapted work"), _("Resuming in part during the incapacity, with the advisory doctor's permission.")
    ),
    Term(
        _("deadline"),
        _("A date by which somebody has to have done something. It follows from what happened."),
    ),
    Term(
        _("fact"), _("What happened on a day. What is wrong is corrected or taken back, and stays readable.")
    ),
    Term(_("deputy"), _("Stands in for an absent colleague, from a first day to a last.")),
)


def entries() -> list[Entry]:
    """The glossary in the reader's language, in its alphabet."""
    return sorted(_entries(get_language() or "nl"), key=lambda entry: _bare(entry.word))


def _entries(reader: str) -> Iterator[Entry]:
    for term in TERMS:
        elsewhere = []
        for language in LANGUAGES:
            if language != reader:
                with override(language):
                    elsewhere.append((language, str(term.word)))
        yield Entry(_capital(str(term.word)), str(term.means), tuple(elsewhere))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _bare(word: str) -> str:
    """As an alphabet orders it: without accents and capitals."""
    return "".join(sign for sign in normalize("NFD", word.casefold()) if not combining(sign))
