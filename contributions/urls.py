"""Addresses of one's own log."""

from django.urls import path

from common.converters import register
from contributions import views

register()
app_name = "contributions"
urlpatterns = [
    path("", views.contribution_list, name="list"),
    path("<key:key>/", views.contribution_edit, name="edit"),
    path("<key:key>/delete/", views.contribution_delete, name="delete"),
]
