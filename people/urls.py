"""Addresses of what somebody does with their own profile, account, mail and data."""

from django.urls import path, re_path

from people import views

app_name = "people"

urlpatterns = [
    path("people/<slug:slug>/edit/", views.profile_edit, name="profile_edit"),
    path("people/<slug:slug>/edit/photo/", views.photo_change, name="photo_change"),
    path("people/<slug:slug>/edit/photo/remove/", views.photo_remove, name="photo_remove"),
    path("people/<slug:slug>/confirm/", views.profile_confirm, name="profile_confirm"),
    path("me/account/", views.account, name="account"),
    path("me/account/settings/", views.settings_change, name="settings_change"),
    path("me/account/addresses/add/", views.address_add, name="address_add"),
    path("me/account/addresses/confirm/<str:token>/", views.address_confirm, name="address_confirm"),
    path("me/account/addresses/<slug:key>/ask/", views.address_ask, name="address_ask"),
    path("me/account/addresses/<slug:key>/choose/", views.address_choose, name="address_choose"),
    path("me/account/addresses/<slug:key>/remove/", views.address_remove, name="address_remove"),
    path("me/account/tokens/make/", views.token_make, name="token_make"),
    path("me/account/tokens/<slug:key>/revoke/", views.token_revoke, name="token_revoke"),
    path("me/account/export/", views.export_ask, name="export_ask"),
    path("me/account/export/<slug:key>.zip", views.export_download, name="export_download"),
    path("me/account/erase/", views.person_erase, name="person_erase"),
    path("me/mail/", views.mail_settings, name="mail"),
    re_path(r"^mail/stop/(?P<token>[\w:.-]{10,300})/$", views.mail_stop, name="mail_stop"),
]
