"""Every address of the site: each app's own, and the project's pages."""

from django.urls import URLPattern, URLResolver, path

from mvp_program.pages.styleguide import styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("style-guide/", styleguide, name="styleguide"),
]
