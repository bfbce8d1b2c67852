"""Addresses of awards: the roster, each award's public page, and what machines check it by."""

from django.urls import path

from awards import views
from common.converters import register

register()
app_name = "awards"

urlpatterns = [
    path("roster/", views.roster, name="roster"),
    path("roster/roster.csv", views.roster_csv, name="roster_csv"),
    path("awards/<key:key>/", views.award_detail, name="award"),
    path("awards/<key:key>/code.svg", views.award_code, name="code"),
    path("awards/<key:key>/certificate.pdf", views.certificate, name="certificate"),
    path("awards/<key:key>/credential.json", views.credential, name="credential"),
    path("credentials/status/<int:number>.json", views.status_list, name="status_list"),
    path(".well-known/did.json", views.did, name="did"),
]
