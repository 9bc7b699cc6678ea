"""Inside: contact moments and the traject itself."""

from trajects.models.appointment import Appointment
from trajects.models.proposal import Proposal
from trajects.models.traject import Traject

__all__ = ["Appointment", "Proposal", "Traject"]
