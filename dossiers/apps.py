from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from dossiers.models import CareerItem, Dossier, HealthNote, HealthNoteText, ReminderStep

        auditlog.register(Dossier, include_fields=["team", "coordinator"])
        auditlog.register(ReminderStep)
        whole = "tnw.accounts.audit.mask_whole"
        words = ["title", "organization", "physician_name", "physician_contact", "level", "note"]
        auditlog.register(CareerItem, mask_fields=words, mask_callable=whole)
        auditlog.register(HealthNote)
        auditlog.register(HealthNoteText, mask_fields=["text"], mask_callable=whole)
