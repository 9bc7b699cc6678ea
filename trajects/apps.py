from django.apps import AppConfig


class TrajectsConfig(AppConfig):
    name = "trajects"
    machines = ("Traject", "Appointment")
