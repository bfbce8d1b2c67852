"""Addresses of summits."""

from django.urls import path

from events.views import summits

app_name = "events"

urlpatterns = [
    path("summits/", summits.summit_list, name="summits"),
    path("summits/<slug:slug>/", summits.summit_detail, name="summit"),
    path("summits/<slug:slug>/calendar.ics", summits.summit_calendar, name="calendar"),
    path("summits/<slug:slug>/register/", summits.summit_register, name="register"),
    path("summits/<slug:slug>/registration/", summits.registration_edit, name="registration"),
    path("summits/<slug:slug>/cancel/", summits.registration_cancel, name="cancel"),
    path("summits/<slug:slug>/attendance/", summits.attendance_show, name="show_attendance"),
]
