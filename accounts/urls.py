"""Addresses of what somebody does with their account's papers. Signing in is ``people.sign_in_urls``."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("me/agreements/<slug:kind>/<str:version>/sign/", views.agreement_sign, name="agreement_sign"),
]
