from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tnw.core"
    label = "core"
