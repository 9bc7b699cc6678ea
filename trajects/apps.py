from django.apps import AppConfig


class TrajectsConfig(AppConfig):
    name = "trajects"
    machines = (
        "Traject", "Appointment", "ReintegrationTraject", "EngagementDeclaration", "ReintegrationPlan",
        "EmployerTraject", "TrainingProject", "PartnerReferral", "AdaptedWork", "AbsenceProcedure",
    )  # fmt: skip
    of_services = ("PartnerReferral",)
    fits = ("trajects.fits",)
    letters = (
        "trajects.letters.contacts",
        "trajects.letters.absence",
        "trajects.letters.adapted_work",
        "trajects.letters.training",
        "trajects.letters.employer",
        "trajects.letters.partner",
        "trajects.letters.plan",
        "trajects.letters.declaration",
        "trajects.letters.signing",
        "trajects.letters.traject",
        "trajects.letters.dossier_copy",
    )

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from trajects.models import CalendarFeed

        auditlog.register(CalendarFeed, include_fields=["user", "made_at"])
