"""The addresses of all apps, which are named by string only."""

from django.urls import include, path, re_path

from portal.views import errors

handler403 = errors.permission_denied
handler500 = errors.server_error

urlpatterns = [
    path("", include("portal.portal_urls")),
    path("language/", include("django.conf.urls.i18n")),
    # A new address is proved, told and kept with the old one by the portal's own page: allauth's pages are closed.
    re_path("^account/(?:confirm-)?email/", errors.nothing_here),
    path("account/", include("allauth.urls")),
    path("rounds/", include("rounds.urls")),
    path("applications/", include("applications.urls")),
    path("assessment/", include("evaluation.assessment.urls")),
    path("meetings/", include("evaluation.meetings.urls")),
    path("meetings/asked-for/", include("evaluation.actions.urls")),
    path("decisions/", include("evaluation.decisions.urls")),
    path("follow-up/", include("evaluation.followup.urls")),
    path("plans/", include("evaluation.plans.urls")),
    path("raised/", include("evaluation.raised.urls")),
    path("comments/", include("evaluation.comments.urls")),
    path("reports/", include("evaluation.reporting.urls")),
    path("clock/", include("evaluation.demo.urls")),
]
