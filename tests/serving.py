"""The demo site as ``make run`` serves it, on a port of its own, for measurements and pictures."""

import os
import socket
import subprocess
import sys
import time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(port: int, module: str, *options: str) -> subprocess.Popen[bytes]:
    """Start gunicorn with these settings and wait until it answers."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": module,
        "MVP_DATABASE_ROLE": "app",
        "DEMO": "1",
        "PORT": str(port),
        "WEB_WORKERS": "2",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:mvp_program.gunicorn_conf", *options]
    server = subprocess.Popen([*command, "mvp_program.wsgi"], env=environment)
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The web server did not start. Has the site been filled with `make run`?")
