"""Addresses of what somebody does with their account's papers and sessions. Signing in is ``people.sign_in_urls``."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("me/agreements/<slug:kind>/<str:version>/sign/", views.agreement_sign, name="agreement_sign"),
    path("me/account/sessions/others/end/", views.sessions_end_others, name="sessions_end_others"),
    path("me/account/sessions/<slug:key>/end/", views.session_end, name="session_end"),
]
