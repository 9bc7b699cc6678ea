from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from dossiers.models import Dossier, ReminderStep

        auditlog.register(Dossier, include_fields=["team", "coordinator"])
        auditlog.register(ReminderStep)
