"""Each deadline in plain words, and its place on the page of the rules."""

from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.law.row import Row
from dossiers.law.rules import RULES, SELF_EMPLOYED
from dossiers.law.vocabulary import Rule


class Plain(NamedTuple):
    """A rule as one would tell it to a colleague. `place` is its name in an address; an id stands on no screen."""

    place: str
    text: str | Promise
    # Where the self-employed have a row of their own.
    self_employed: str | Promise = ""


PLAIN: dict[str, Plain] = {
    "T1": Plain(
        "questionnaire-out",
        _(
            "Ten weeks after the first day of the incapacity the insured person is sent the questionnaire. The system "
            "makes it ready by itself, for e-mail or for the post; it counts as sent once it has gone. Nothing is asked "
            "where the law waives it, for example while permitted adapted work is running."
        ),
    ),
    "T2": Plain(
        "questionnaire-back",
        _(
            "The insured person is obliged to send the questionnaire back within two weeks, complete. A missing answer "
            "does not stop the assessment."
        ),
    ),
    "T3": Plain(
        "questionnaire-help",
        _(
            "Where no complete answer came back in time, the coordinator contacts the insured person within a week and "
            "offers help with the questions."
        ),
    ),
    "T4": Plain(
        "first-assessment",
        _(
            "By the end of the fourth month the advisory doctor, or somebody of the medical team, assesses what the "
            "insured person can still do, in one of four categories. The dossier stands in the queue from three months "
            "after the first day on. An assessment that was made earlier counts."
        ),
    ),
    "T5": Plain(
        "category-1",
        _(
            "Category 1 means: resumes work unaided by the end of month 6. Who is still incapacitated six months after "
            "the first day is looked at again: assessed anew, or referred."
        ),
    ),
    "T6": Plain(
        "category-3",
        _(
            "Category 3 means: not now, diagnosis or treatment comes first. After two months the advisory doctor looks "
            "again whether a resumption has become possible."
        ),
    ),
    "T7": Plain(
        "first-contact-after-referral",
        _(
            "The first contact of coordinator and insured person takes place within a month of the referral. A missed "
            "or moved appointment does not move this date: only the contact itself meets it."
        ),
        _(
            "A self-employed person who is referred on the first assessment has the first contact by the end of the "
            "sixth month; who is referred later, within a month of the referral. A missed or moved appointment does "
            "not move this date."
        ),
    ),
    "T8": Plain(
        "first-contact-after-request",
        _(
            "Who asks for a traject has a first contact within a month. The month begins once both the request and a "
            "complete questionnaire are there."
        ),
    ),
    "T9": Plain(
        "answer-on-permission",
        _(
            "The law names no period for this answer of the advisory doctor. The fund aims at ten working days, so that "
            "the insured person is not left waiting."
        ),
    ),
    "T10": Plain(
        "contact-after-refusal",
        _(
            "After a refusal the coordinator and the insured person meet again within a month of their last contact: to "
            "talk it over and perhaps change the aim. Permission can then be asked again."
        ),
    ),
    "T11": Plain(
        "plan-interview",
        _(
            "Within a month of the last signature under the engagement declaration the coordinator and the insured "
            "person draw up the plan in an interview. A plan without that interview does not meet this date."
        ),
    ),
    "T12": Plain(
        "plan-review",
        _(
            "Every three months the plan is reviewed together with the insured person: through the dossier, or in an "
            "interview where that is needed. Each review begins the next three months."
        ),
    ),
    "T13": Plain(
        "presumption",
        _(
            "From the last signature on the insured person is presumed to be incapacitated, for six months at most. "
            "Nothing has to be done by this date: it is shown a month before, so that what comes next can be prepared."
        ),
    ),
    "T14": Plain(
        "after-training",
        _(
            "Who has completed a training with success may be able to do more than before. Six months later at the "
            "latest the advisory doctor assesses anew."
        ),
        _(
            "Who has completed a training with success may be able to do more than before. By the end of the sixth "
            "month after that of its completion the advisory doctor assesses anew."
        ),
    ),
    "T15": Plain(
        "adapted-work",
        _(
            "Who wants to do adapted work during the incapacity declares it and asks permission, at the latest on the "
            "last working day before it starts. The permission itself may come later."
        ),
    ),
    "T16": Plain(
        "confirm-invalidity",
        _(
            "By this route a regional service guides only people in invalidity. The law asks the fund to confirm it; "
            "the fund aims at ten working days after the report."
        ),
    ),
    "T17": Plain(
        "medical-contact",
        _(
            "In the fourth, the seventh and the eleventh month the advisory doctor or the medical team has a contact "
            "with the insured person. A contact that comes late can meet more than one of these dates."
        ),
    ),
    "T23": Plain(
        "refer",
        _(
            "After category 4 the law asks for a referral to the coordinator as soon as possible. The fund aims at five "
            "working days."
        ),
    ),
}


def place(rule: Rule) -> str:
    """Its name on the page of the rules: one for each row that can stand there on one day."""
    name = PLAIN[rule.id].place
    return f"{name}-self-employed" if rule.regimes == SELF_EMPLOYED else name


def text(rule: Rule) -> str | Promise:
    """What the row says, in plain words."""
    plain = PLAIN[rule.id]
    return plain.self_employed if rule.regimes == SELF_EMPLOYED else plain.text


def address(row: Row) -> str:
    """Where the rule of a deadline is explained: on the page of the rules, as it stood while that version held."""
    # A version of all regimes and one of the self-employed alone never begin on the same day.
    rule = next(rule for rule in RULES if rule.id == row.rule and rule.valid_from == row.version)
    return f"{reverse('rules')}{_while(rule.valid_to)}#{place(rule)}"


def _while(last: date | None) -> str:
    return f"?on={last:%d/%m/%Y}" if last else ""
