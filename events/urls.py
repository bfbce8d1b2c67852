"""Addresses of summits."""

from django.urls import path

from events.views import office, summits

app_name = "events"

urlpatterns = [
    path("summits/", summits.summit_list, name="summits"),
    path("summits/<slug:slug>/", summits.summit_detail, name="summit"),
    path("summits/<slug:slug>/calendar.ics", summits.summit_calendar, name="calendar"),
    path("summits/<slug:slug>/letter.pdf", summits.summit_letter, name="letter"),
    path("summits/<slug:slug>/register/", summits.summit_register, name="register"),
    path("summits/<slug:slug>/registration/", summits.registration_edit, name="registration"),
    path("summits/<slug:slug>/cancel/", summits.registration_cancel, name="cancel"),
    path("summits/<slug:slug>/attendance/", summits.attendance_show, name="show_attendance"),
    path("office/summits/", office.summit_office_list, name="office_summits"),
    path("office/summits/new/", office.summit_new, name="summit_new"),
    path("office/summits/<slug:slug>/", office.registration_list, name="registrations"),
    path("office/summits/<slug:slug>/edit/", office.summit_edit, name="summit_edit"),
    path("office/summits/<slug:slug>/call-off/", office.summit_call_off, name="summit_call_off"),
    path("office/summits/<slug:slug>/registrations.csv", office.registration_csv, name="registrations_csv"),
    path("office/summits/<slug:slug>/attendance/", office.attendance_mark, name="mark_attendance"),
    path("office/registrations/<key:key>/cancel/", office.registration_end, name="registration_end"),
]
