"""Addresses of summits."""

from django.urls import path

from events import views

app_name = "events"

urlpatterns = [
    path("summits/", views.summit_list, name="summits"),
    path("summits/<slug:slug>/", views.summit_detail, name="summit"),
]
