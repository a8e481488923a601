"""The public pages of rounds."""

from django.urls import path

from rounds import views

app_name = "rounds"
urlpatterns = [
    path("", views.round_list, name="list"),
    path("<slug:code>/", views.detail, name="detail"),
    path("<slug:code>/frame/", views.frame, name="frame"),
    path("<slug:code>/questions/", views.questions, name="questions"),
    path("<slug:code>/questions.pdf", views.questions_pdf, name="questions_pdf"),
    path("<slug:code>/calendar.ics", views.calendar, name="calendar"),
]
