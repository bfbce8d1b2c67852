"""``manage.py worker``: does the queued and the scheduled work until it is told to stop."""

import os
import signal
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from mvp_program import demo


class Command(BaseCommand):
    help = "Do the queued and scheduled work until told to stop (INT, TERM or HUP)."

    def handle(self, *args: Any, **options: Any) -> None:
        demo.refuse_unsafe_start([settings.HOST])
        # procrastinate ends what it is doing on INT and TERM; a closed terminal should mean the same.
        signal.signal(signal.SIGHUP, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))
        connector = cast(DjangoConnector, app.connector)
        with app.replace_connector(connector.get_worker_connector()):
            app.run_worker(shutdown_graceful_timeout=8)
