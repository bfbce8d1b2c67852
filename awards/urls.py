"""Addresses of awards: the roster and each award's public page."""

from django.urls import path

from awards import views
from common.converters import register

register()
app_name = "awards"

urlpatterns = [
    path("roster/", views.roster, name="roster"),
    path("awards/<key:key>/", views.award_detail, name="award"),
]
