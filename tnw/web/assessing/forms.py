"""What can be typed on the assessment screen: one form, whichever of its acts it is sent for."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from routing.policies.route_a import category_fits
from tnw.core import clock
from tnw.web.acts.fields import choice, text
from tnw.web.fields import day, hour
from trajects.models.appointment import Form

# In the words of A4.
CATEGORIES = {
    "1": _("Will resume work unaided by the end of month 6 at the latest"),
    "2": _("Resumption does not seem possible, for medical reasons"),
    "3": _("Not now: diagnosis or treatment comes first"),
    "4": _("Resumption seems possible after one or more adaptations, or with guidance"),
}
DECIDE, REFER, CONTACT, EXAMINE = "decide", "refer", "contact", "examine"
# What each act cannot do without.
NEEDS: dict[str, tuple[str, ...]] = {
    DECIDE: ("category",),
    REFER: (),
    CONTACT: ("contact",),
    EXAMINE: ("day", "time"),
}
MISSING = {
    "category": _("Choose a category."),
    "contact": _("Say in which form the contact was held."),
    "day": _("Say on which day."),
    "time": _("Say at what time."),
}


class AssessmentForm(forms.Form):
    """A decision, a contact, an examination; `act` says what it was sent for."""

    category = choice(_("Category"), list(CATEGORIES.items()), required=False)
    reason = text(
        _("Reason"), rows=2, hint=_("Needed for categories 2 and 3. Read by doctors and medical team only.")
    )
    contact = forms.ChoiceField(
        label=_("Medical contact held today"),
        choices=[("", _("none")), *Form.choices],
        required=False,
    )
    refer = forms.BooleanField(label=_("Refer at once to the coordinator (category 4)"), required=False)
    day = day(required=False)
    time = hour()
    place = forms.CharField(label=_("Place"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, dossier: Dossier, today: date, act: str = "") -> None:
        super().__init__(data)
        self.dossier, self.act = dossier, act
        self.fields["time"].required = False
        verdict = category_fits(dossier, 1, today)
        self.fields["category"].close({} if verdict else {"1": verdict.reason})  # type: ignore[attr-defined]  # our own field

    @property
    def says_nothing_new(self) -> bool:
        """Category 4 and neither a reason nor a referral: where it stands already, this assesses nothing anew."""
        told = self.cleaned_data
        return told.get("category") == "4" and not told.get("reason") and not told.get("refer")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        needed = NEEDS.get(self.act, ())
        if self.act != EXAMINE:  # what cannot be read in a folded part stands in nobody's way
            for name in ("day", "time", "place"):
                self.errors.pop(name, None)
        if self.act == REFER and told.get("category"):
            told["refer"] = True
        for name in needed:
            if not told.get(name) and name not in self.errors:
                self.add_error(name, str(MISSING[name]))
        if self.act in (DECIDE, REFER) and told.get("refer") and told.get("category") in ("1", "2", "3"):
            self.add_error("refer", str(_("Referring at once goes with category 4.")))
        if self.act in (DECIDE, REFER) and (told.get("day") or told.get("time")):
            self.add_error("day", str(_("Plan this examination, or leave its day and time empty.")))
        if told.get("day") and told.get("time"):
            told["at"] = datetime.combine(told["day"], told["time"], clock.BRUSSELS)
        return told
