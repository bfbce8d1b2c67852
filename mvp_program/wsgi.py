"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mvp_program.settings.prod")
application = get_wsgi_application()

from mvp_program import demo  # noqa: E402 - needs the apps to be loaded

demo.refuse_unsafe_start(demo.listening_on)
