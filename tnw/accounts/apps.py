from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tnw.accounts"
    label = "accounts"

    def ready(self) -> None:
        from tnw.accounts import audit

        audit.register()
