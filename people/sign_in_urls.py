"""The pages of signing in, under allauth's own names, which its views look up.

Password reset and address pages of allauth are left out: a code by mail replaces the one, ``people`` the other.
What confirms or signs in runs in one transaction: allauth's rows, ours and the outbox change together.
"""

from allauth.account import views
from django.db.transaction import atomic
from django.urls import path

from people import sign_in

urlpatterns = [
    path("login/", atomic(sign_in.LoginView.as_view()), name="account_login"),
    path("login/code/", atomic(sign_in.RequestCodeView.as_view()), name="account_request_login_code"),
    path("login/code/confirm/", atomic(sign_in.ConfirmCodeView.as_view()), name="account_confirm_login_code"),
    path("signup/", atomic(views.SignupView.as_view()), name="account_signup"),
    path(
        "confirm-email/", atomic(sign_in.ConfirmAddressView.as_view()), name="account_email_verification_sent"
    ),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/change/", views.password_change, name="account_change_password"),
]
