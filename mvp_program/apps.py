"""App configuration of the project package: templates, static files, commands and the admin of common's models."""

from django.apps import AppConfig


class MvpProgramConfig(AppConfig):
    name = "mvp_program"
