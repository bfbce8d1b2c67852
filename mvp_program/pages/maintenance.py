"""The page while the site is being worked on: asks nothing of the database, and stands alone as a file too.

While the file ``MAINTENANCE_FILE`` is there, every process answers with it (``middleware.MaintenanceMiddleware``); what stands in
the file is said on the page. ``manage.py maintenance_page`` writes the page for a server in front, where no process of ours runs.
"""

import re
from pathlib import Path

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils import translation

from common.languages import site_languages
from mvp_program import api_door

OWN_FILES = ("fonts",)  # a sheet that needs files of its own: the page alone has the reader's fonts
AGAIN_AFTER = 300  # seconds, for machines
SAID_AT_MOST = 300  # characters
_SHEET = re.compile(r"css/([\w-]+)\.css")
_LINKS = re.compile(r'\s*<link rel="(?:stylesheet|icon)"[^>]*>')


def maintenance(request: HttpRequest) -> HttpResponse:
    """In the language of the cookie or the browser; to whoever asks the API, in JSON."""
    again = {"Retry-After": str(AGAIN_AFTER), "Cache-Control": "no-store"}
    if request.path.startswith(api_door.PREFIX):
        words = {"detail": "The site is being worked on. Ask again later."}
        return JsonResponse(words, status=503, headers={**again, "Access-Control-Allow-Origin": "*"})
    language = translation.get_language_from_request(request)
    headers = {
        **again,
        "Vary": "Accept-Language, Cookie",
        "Content-Language": language,
        "Content-Security-Policy": build_policy(),
    }
    return HttpResponse(_drawn([language], said()), status=503, headers=headers)


def said() -> str:
    """What the operator wrote into the file, such as until when."""
    try:
        return Path(settings.MAINTENANCE_FILE).read_text(errors="replace").strip()[:SAID_AT_MOST]
    except OSError:  # taken away a moment ago
        return ""


def page_alone(words: str = "") -> str:
    """The page in every language of the site, with its styles inside: one file that needs nothing else."""
    ours = settings.BASE_DIR / "mvp_program"
    sheets = _SHEET.findall((ours / "templates" / "components" / "styles.html").read_text())
    styles = "\n".join(
        (ours / "static" / "css" / f"{name}.css").read_text() for name in sheets if name not in OWN_FILES
    )
    page = _LINKS.sub("", _drawn([code for code, _name in site_languages()], words))
    return page.replace("</head>", f"<style>\n{styles}</style>\n</head>", 1)


def _drawn(languages: list[str], words: str) -> str:
    with translation.override(languages[0]):
        return loader.render_to_string("errors/503.html", {"languages": languages, "said": words})
