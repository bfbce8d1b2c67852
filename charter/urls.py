"""Addresses of the pages that the office writes: each as everybody reads it, and /office/pages/."""

from django.conf import settings
from django.urls import path, register_converter

from charter import views
from charter.models import ContentVersion


class PageConverter:
    """A page that there is."""

    regex = "|".join(ContentVersion.Page.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class LanguageConverter(PageConverter):
    """A language of the site."""

    regex = "|".join(code for code, _name in settings.LANGUAGES)


register_converter(PageConverter, "page")
register_converter(LanguageConverter, "language")
app_name = "charter"
EDIT = "office/pages/<page:page>/<language:language>"

urlpatterns = [
    path("<page:page>/", views.content, name="content"),
    path("office/pages/", views.content_list, name="contents"),
    path(f"{EDIT}/", views.content_edit, name="content_edit"),
    path(f"{EDIT}/<int:number>/", views.content_old, name="content_old"),
]
