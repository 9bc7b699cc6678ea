"""The questionnaire on paper with its covering letter (T1), and the reminder that offers help with it (A3, T3)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers import acts
from dossiers.acts import Done
from dossiers.documents.kinds import About, Kind, Matter, Sent
from dossiers.documents.letter import (
    Block,
    Letter,
    bullets,
    day,
    details,
    heading,
    new_page,
    note,
    paragraph,
    paragraphs,
    question,
)
from dossiers.documents.words import closing, salutation
from dossiers.models import Channel, Dossier
from dossiers.policies import is_open
from routing.models import Question, Questionnaire
from routing.models.question import Kind as Answer
from routing.models.questionnaire import Sending
from routing.questionnaires import policies
from routing.questionnaires.answers import HIGHEST
from routing.questionnaires.paper import ON_PAPER, QUESTIONNAIRE
from routing.questionnaires.reference import questions_of
from routing.questionnaires.returned import came_back
from tnw.accounts.models import Role

LINES = {Answer.TEXT: 5, Answer.NUMBER: 1}
BACK_WITHIN = timedelta(weeks=2)
OFFERED_BY = {Channel.POST: "post", Channel.EMAIL: "email", Channel.HANDED_OVER: "in_person"}


def _on_paper(dossier: Dossier, today: date) -> list[About]:
    """What goes or went on paper."""
    its = Questionnaire.objects.filter(fund=dossier.fund_id, dossier=dossier, channel__in=ON_PAPER)
    found = its.exclude(state=Sending.WITHDRAWN).order_by("pk")
    return [About(str(public_id)) for public_id in found.values_list("public_id", flat=True)]


def questionnaire(matter: Matter) -> Letter:
    """A page that says why and how, and behind it the questions, to be filled in by hand."""
    one = Questionnaire.objects.select_related("version").get(fund=matter.fund, public_id=matter.subject)
    covering = [
        salutation(),
        paragraph(
            _(
                "You have been unable to work for some weeks. We would like to know how you are, and whether we can help "
                "you on the way back to work, now or later."
            )
        ),
        note(_("Fill in the questionnaire behind this letter and send it back within two weeks.")),
        paragraph(_help(matter)),
        paragraph(
            _(
                "Your answers are read by the advisory doctor, the medical team and the coordinator, and by nobody else. "
                "You are obliged to send the questionnaire back."
            )
        ),
        *(paragraph(line) for line in closing(matter)),
    ]
    questions = questions_of(one.version)
    thanks = paragraph(
        _("Thank you. Send this questionnaire back to your fund: its address is at the foot of the page.")
    )
    blocks = [*covering, new_page(), heading(one.version.title), *_questions(questions), thanks]
    return Letter(_("How are you, and what can help you?"), blocks, large=True)


def _help(matter: Matter) -> str:
    phone = (matter.sender.phone if matter.sender else "") or matter.fund.phone
    if not phone:
        return _(
            "Would you rather answer by phone, or do you want help? Ask for the return-to-work coordinator."
        )
    return _(
        "Would you rather answer by phone, or do you want help? Call %(phone)s and ask for the return-to-work coordinator."
    ) % {"phone": phone}


def _questions(questions: list[Question]) -> Iterator[Block]:
    """Section by section, numbered through."""
    number = 0
    for _section, its in groupby(questions, key=lambda one: one.get_section_display()):
        yield heading(_section, level=3)
        for one in its:
            number += 1
            yield question(
                number,
                one.text,
                hint=one.help,
                options=_options(one),
                in_a_row=one.kind in (Answer.SCALE, Answer.YES_NO),
                lines=LINES.get(Answer(one.kind), 0),
            )


def _options(one: Question) -> list[str]:
    if one.kind == Answer.SCALE:
        return [str(n) for n in range(HIGHEST + 1)]
    return [_("yes"), _("no")] if one.kind == Answer.YES_NO else [option.text for option in one.choices]


def _unanswered(dossier: Dossier, today: date) -> list[About]:
    """The latest that was sent, where it did not come back complete."""
    sent = [fact.on for fact in acts.happened(dossier) if fact.kind == "questionnaire_sent"]
    return [About("", day(sent[-1]))] if sent and not came_back(dossier) else []


def reminder(matter: Matter) -> Letter:
    """What lacks, and that the coordinator helps."""
    sent = [fact.on for fact in acts.happened(matter.dossier) if fact.kind == "questionnaire_sent"][-1]
    blocks = [
        salutation(),
        paragraph(_("We sent you a questionnaire, and have not received all of your answers yet.")),
        details(
            (pgettext("questionnaire", "Sent on"), day(sent)),
            (_("Expected back by"), day(sent + BACK_WITHIN)),
        ),
        paragraph(
            _(
                "With your answers the advisory doctor can judge better what you can do and what you need. You are "
                "obliged to send the questionnaire back, also when you think that working again is not possible yet."
            )
        ),
        heading(_("We help you with it")),
        bullets(
            [
                _(
                    "By phone: your coordinator goes through the questions with you and writes your answers down."
                ),
                _("At our office: make an appointment, and we fill it in together."),
                _("You lost it? Ask for a new one, on paper or by e-mail."),
            ]
        ),
        paragraph(_help(matter)),
        *paragraphs(matter.said.get("text", "")),
        paragraph(_("Did you send it in the last days? Then you need not do anything any more.")),
    ]
    return Letter(_("Your questionnaire: can we help?"), blocks, closing(matter))


def _helped(one: Sent) -> str:
    """Help was offered with this letter (T3), unless the answers came meanwhile or nothing is recorded there any more."""
    if not is_open(one.dossier, one.on) or came_back(one.dossier):
        return ""
    offered = Done("support_offered", one.on, {"channel": OFFERED_BY[Channel(one.channel)]})
    return acts.record(one.dossier, one.actor, offered)[0]


KINDS = (
    Kind(
        QUESTIONNAIRE,
        gettext_lazy("Questionnaire"),
        questionnaire,
        nothing=gettext_lazy("No questionnaire goes on paper."),
        about=_on_paper,
        roles=policies.SENDERS,
        # It goes to the post from its own list, by what waits there (T1).
        channels=(),
        by_hand=False,
    ),
    Kind(
        "questionnaire_reminder",
        gettext_lazy("Reminder of the questionnaire, with an offer of help"),
        reminder,
        nothing=gettext_lazy("No questionnaire waits for its answers."),
        about=_unanswered,
        may=policies.may_offer_support,
        roles=(Role.COORDINATOR,),
        asks={"text": gettext_lazy("What you want to add")},
        many=True,
        sent=_helped,
    ),
)
