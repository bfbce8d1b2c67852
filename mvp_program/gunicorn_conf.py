"""How gunicorn serves the site: ``gunicorn -c python:mvp_program.gunicorn_conf mvp_program.wsgi``."""

import gc
import os
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from gunicorn.http import message

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mvp_program.settings.prod")

try:
    from django.conf import settings

    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    bind = [f"{host}:{settings.PORT}"]
except ImproperlyConfigured as problem:
    sys.exit(str(problem))

workers = settings.WEB_WORKERS
worker_class = "gthread"  # a browser opens connections ahead of need; they must not occupy a worker
threads = 4
timeout = 60
graceful_timeout = 5
# Whoever asks too much in an address gets a page of ours that says so. gunicorn takes at most 8,190 bytes, whatever it is told.
limit_request_line = message.MAX_REQUEST_LINE = 16_384
control_socket_disable = True
loglevel = "warning"
reload_extra_files = [str(path) for path in settings.BASE_DIR.glob("mvp_program/templates/**/*.html")]


def on_starting(server: Any) -> None:
    """Before any worker exists: may this site be served at these addresses?"""
    import django
    from django.db import connections

    django.setup()
    from mvp_program import demo

    demo.listening_on = [
        address[0] if isinstance(address, tuple) else address for address in server.cfg.address
    ]
    try:
        demo.refuse_unsafe_start(demo.listening_on)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    connections.close_all()  # no worker may inherit an open connection


def post_worker_init(worker: Any) -> None:
    """What was loaded stays for good: the collector need not look through it again and again."""
    from awards.loading import read_ahead

    gc.collect()
    gc.freeze()
    if settings.ROSTER_READ_AHEAD:
        read_ahead()
