"""The addresses of a demo: the site's, and the two that only a demo has. Production settings never name this module."""

from django.urls import path, re_path

from mvp_program.pages import demo
from mvp_program.urls import handler400, handler403, handler404, handler429, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

KEY = r"(?P<key>[0-9a-f]{32})"

urlpatterns = [
    *urlpatterns,
    path("demo/", demo.demo_people, name="demo_people"),
    path("demo/sign-in/", demo.demo_sign_in, name="demo_sign_in"),
    path("outbox/", demo.outbox, name="outbox"),
    re_path(rf"^outbox/{KEY}/$", demo.outbox_mail, name="outbox_mail"),
    re_path(rf"^outbox/{KEY}/html/$", demo.outbox_mail_html, name="outbox_mail_html"),
]
