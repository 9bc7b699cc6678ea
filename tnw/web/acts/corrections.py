"""Taking back what was recorded wrongly."""

from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.policies import may_void
from tnw.core.policies import Verdict
from tnw.web.acts.act import Act, Occasion
from tnw.web.acts.fields import ActForm, choice
from tnw.web.fact_words import VOIDS


class VoidForm(ActForm):
    """Why it was wrong."""

    reason = choice(_("Why"), list(VOIDS.items()))


def _may_void(occasion: Occasion) -> Verdict:
    assert occasion.entry is not None
    return may_void(occasion.actor, occasion.entry.kind)


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
)
