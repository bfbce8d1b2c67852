"""Addresses of one's own log."""

from django.urls import path

from common.converters import register
from contributions import views

register()
app_name = "contributions"
urlpatterns = [
    path("", views.contribution_list, name="list"),
    path("quick/", views.contribution_quick, name="quick"),
    path("export.csv", views.contribution_export, {"kind": "csv"}, name="export_csv"),
    path("export.json", views.contribution_export, {"kind": "json"}, name="export_json"),
    path("imports/", views.import_list, name="imports"),
    path("imports/<key:key>/", views.import_show, name="import"),
    path("imports/<key:key>/confirm/", views.import_confirm, name="import_confirm"),
    path("imports/<key:key>/discard/", views.import_discard, name="import_discard"),
    path("imports/<key:key>/undo/", views.import_undo, name="import_undo"),
    path("imports/<key:key>/report.csv", views.import_report, name="import_report"),
    path("<key:key>/", views.contribution_edit, name="edit"),
    path("<key:key>/mark/", views.contribution_mark, name="mark"),
    path("<key:key>/delete/", views.contribution_delete, name="delete"),
    path("<key:key>/restore/", views.contribution_restore, name="restore"),
]
