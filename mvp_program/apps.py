"""App configuration of the project package: templates, static files, commands, common's admin."""

from django.apps import AppConfig


class MvpProgramConfig(AppConfig):
    name = "mvp_program"
