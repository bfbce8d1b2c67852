"""Addresses of what somebody does with their own profile."""

from django.urls import path

from people import views

app_name = "people"

urlpatterns = [path("people/<slug:slug>/edit/", views.profile_edit, name="profile_edit")]
