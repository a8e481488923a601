"""The address book: apps are named by string only."""

from django.urls import include, path, re_path

from portal.views import errors

urlpatterns = [
    path("", include("portal.portal_urls")),
    path("language/", include("django.conf.urls.i18n")),
    # Places are given to an address, so nobody may take another one: the sign-in library's own pages for it are shut.
    re_path("^account/(?:confirm-)?email/", errors.nothing_here),
    path("account/", include("allauth.urls")),
    path("rounds/", include("rounds.urls")),
    path("applications/", include("applications.urls")),
    path("assessment/", include("evaluation.assessment.urls")),
    path("meetings/", include("evaluation.meetings.urls")),
    path("decisions/", include("evaluation.decisions.urls")),
    path("follow-up/", include("evaluation.followup.urls")),
]
