"""Every address of the site: each app's own, and the project's pages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from common.converters import register
from mvp_program import api
from mvp_program.pages import feeds, health, mail
from mvp_program.pages.duplicates import office_duplicates, pair_dismiss
from mvp_program.pages.erasing import erasing
from mvp_program.pages.home import home
from mvp_program.pages.language import language
from mvp_program.pages.letter import letter
from mvp_program.pages.mail_hook import mail_hook
from mvp_program.pages.me import me
from mvp_program.pages.nomination import nomination
from mvp_program.pages.numbers import numbers, numbers_csv, report, report_csv
from mvp_program.pages.office import office
from mvp_program.pages.person import person, person_card, person_contributions, person_photo
from mvp_program.pages.styleguide import styleguide
from mvp_program.pages.verify import verify

register()
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", api.patterns()),
    path("accounts/", include("people.sign_in_urls")),
    path("people/<slug:slug>/", person, name="person"),
    path("people/<slug:slug>/contributions/", person_contributions, name="person_contributions"),
    path("people/<slug:slug>/card.png", person_card, name="person_card"),
    path("people/<slug:slug>/photo/<slug:digest>.jpg", person_photo, name="photo"),
    path("", include("awards.urls")),
    path("awards/<key:key>/letter.pdf", letter, name="letter"),
    path("me/", me, name="me"),
    path("me/erase/", erasing, name="erasing"),
    path("me/contributions/", include("contributions.urls")),
    path("nominations/<key:key>/", nomination, name="nomination"),
    path("", include("charter.urls")),
    path("", include("accounts.urls")),
    path("", include("people.urls")),
    path("", include("nominations.urls")),
    path("admin/", admin.site.urls),
    path("", include("selection.urls")),
    path("office/", office, name="office"),
    path("office/duplicates/", office_duplicates, name="office_duplicates"),
    path("office/duplicates/<int:pk>/dismiss/", pair_dismiss, name="pair_dismiss"),
    path("office/mail/", mail.office_mail, name="office_mail"),
    path("office/mail/kinds/<str:kind>/", mail.mail_kind, name="mail_kind"),
    path("office/mail/kinds/<str:kind>/html/", mail.mail_kind_html, name="mail_kind_html"),
    re_path(r"^office/mail/(?P<key>[0-9a-f]{32})/again/$", mail.mail_again, name="mail_again"),
    re_path(r"^office/mail/bounces/(?P<key>[0-9a-f]{64})/lift/$", mail.bounce_lift, name="bounce_lift"),
    path("hooks/mail/", mail_hook, name="mail_hook"),
    path("numbers/", numbers, name="numbers"),
    path("numbers/<slug:name>.csv", numbers_csv, name="numbers_csv"),
    path("numbers/<slug:slug>/", report, name="numbers_report"),
    path("numbers/<slug:slug>/report.csv", report_csv, name="numbers_report_csv"),
    path("feeds/awards.atom", feeds.awards_feed, name="awards_feed"),
    path("feeds/summits.atom", feeds.summits_feed, name="summits_feed"),
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemaps/<slug:part>.xml", feeds.sitemap_part, name="sitemap_part"),
    path("protocol/<slug:slug>/dates.ics", feeds.cycle_dates, name="cycle_dates"),
    path("verify/", verify, name="verify"),
    path("", include("events.urls")),
    path("language/", language, name="language"),
    path("style-guide/", styleguide, name="styleguide"),
]

handler400 = "mvp_program.pages.errors.bad_request"
handler403 = "mvp_program.pages.errors.permission_denied"
handler404 = "mvp_program.pages.errors.page_not_found"
handler429 = "mvp_program.pages.errors.too_many_requests"  # asked for by allauth
handler500 = "mvp_program.pages.errors.server_error"
