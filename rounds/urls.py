"""The public pages of rounds."""

from django.urls import path

from rounds.views import pages

app_name = "rounds"
urlpatterns = [
    path("", pages.round_list, name="list"),
    path("<slug:code>/", pages.detail, name="detail"),
    path("<slug:code>/frame/", pages.change_frame, name="frame"),
    path("<slug:code>/withdraw/", pages.withdraw, name="withdraw"),
    path("<slug:code>/bring-back/", pages.bring_back, name="bring_back"),
    path("<slug:code>/questions/", pages.questions, name="questions"),
    path("<slug:code>/questions.pdf", pages.questions_pdf, name="questions_pdf"),
    path("<slug:code>/calendar.ics", pages.calendar, name="calendar"),
]
