"""Recording a consent, and a consultation that one allows (A6, Z5)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.consents import GIVEN
from dossiers.law.kinds import CONSENTS
from routing.services import consents
from tnw.web.acts.act import Act, Data, Occasion
from tnw.web.acts.fields import OnForm, choice, text
from trajects.fact_words import CODES
from trajects.policies import consultation as consulting
from trajects.policies.contacts import may_record_any_consent, may_record_consent
from trajects.policies.sharing import CONSULTATION, REGIONAL_SERVICE, consents_of, may_share
from trajects.services import consultation


class ConsentForm(OnForm):
    """For what, with whom, and what was answered."""

    purpose = choice(_("Consent for"), [(code, CODES["purpose"][code]) for code in CONSENTS])
    party = forms.ChoiceField(
        label=_("With whom"), required=False, help_text=_("Each party is asked for by itself.")
    )
    answer = choice(
        _("Answer"),
        [("given", _("given")), ("refused", _("refused")), ("withdrawn", _("withdrawn"))],
    )
    note = text(_("Note"), rows=3)

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        """From the card of a regional service it is asked for that party."""
        forms_of_services = {one.subject for one in occasion.dossier.partner_referrals.all()}
        if occasion.subject and occasion.subject in forms_of_services:
            return {"on": occasion.on, "purpose": CONSULTATION, "party": REGIONAL_SERVICE}
        return {"on": occasion.on}

    def fit(self, occasion: Occasion) -> None:
        """Whom somebody of this regime has beside him, and whom he was asked about before."""
        dossier = occasion.dossier
        asked = [party for _purpose, party in consents_of(dossier) if party]
        parties = dict.fromkeys([*consulting.parties_of(dossier), *asked])
        nobody = ("", pgettext_lazy("party", "nobody in particular"))
        self.offer("party", [nobody, *((code, CODES["party"][code]) for code in parties)])
        given = may_record_consent(occasion.actor, dossier, occasion.on, GIVEN)
        self.close("answer", {GIVEN: given})


class ConsultForm(OnForm):
    """With whom, and what was discussed."""

    party = choice(_("With whom"), ())
    report = text(
        _("Report"),
        required=True,
        hint=_(
            "Read by the coordinator, the doctor, the medical team and the team lead. "
            "Medical details go in a health note."
        ),
    )

    def fit(self, occasion: Occasion) -> None:
        parties = consulting.parties_of(occasion.dossier)
        self.offer("party", ((code, CODES["party"][code]) for code in parties))
        self.close("party", {code: may_share(occasion.dossier, code) for code in parties})


def _record(occasion: Occasion, told: Data, seen: int) -> object:
    given = {name: told[name] for name in ("on", "answer", "purpose", "party", "note")}
    return consents.record_consent(**occasion.who, seen=seen, **given)


ACTS = (
    Act(
        slug="consent",
        title=lambda occasion: _("Record a consent"),
        hint=_(
            "What the insured person answered. A withdrawal blocks the sharing from now on; that of data processing "
            "also stops the traject that runs."
        ),
        button=_("Record the consent"),
        told=_("The consent is recorded."),
        form=ConsentForm,
        may=lambda occasion: may_record_any_consent(occasion.actor, occasion.dossier, occasion.on),
        do=_record,
    ),
    Act(
        slug="consult",
        title=lambda occasion: _("Record a consultation"),
        hint=_("With another party about the insured person, who consents to it for that party."),
        button=_("Record the consultation"),
        told=_("The consultation is recorded."),
        form=ConsultForm,
        may=lambda occasion: consulting.may_consult_anybody(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: consultation.hold(
            **occasion.who, on=told["on"], party=told["party"], report=told["report"], seen=seen
        ),
    ),
)
