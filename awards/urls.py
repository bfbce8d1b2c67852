"""Addresses of awards: the roster and each award's public page."""

from django.urls import path

from awards import views

app_name = "awards"

urlpatterns = [
    path("roster/", views.roster, name="roster"),
    path("awards/<str:key>/", views.award_detail, name="award"),
]
