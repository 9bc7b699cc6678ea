from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    name = "tnw.integration"
    label = "integration"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from tnw.integration.models import Client

        auditlog.register(Client, mask_fields=["client_secret"], exclude_fields=["updated"])

    def recorded(self) -> None:
        """Facts were recorded: what is in the outbox can be told once they are committed."""
        from tnw.integration.tasks import send_soon

        send_soon()
