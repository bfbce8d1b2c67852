"""Addresses of one's own log."""

from django.urls import path

from common.converters import register
from contributions import views

register()
app_name = "contributions"
urlpatterns = [
    path("", views.contribution_list, name="list"),
    path("quick/", views.contribution_quick, name="quick"),
    path("<key:key>/", views.contribution_edit, name="edit"),
    path("<key:key>/mark/", views.contribution_mark, name="mark"),
    path("<key:key>/delete/", views.contribution_delete, name="delete"),
    path("<key:key>/restore/", views.contribution_restore, name="restore"),
]
