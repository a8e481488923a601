"""Addresses of the room."""

from django.urls import path

from evaluation.followup import views

app_name = "followup"
urlpatterns = [
    path("", views.overview, name="overview"),
    # one project
    path("<slug:code>/", views.project, name="project"),
    path("<slug:code>/accept/", views.accept, name="accept"),
    path("<slug:code>/decline/", views.decline, name="decline"),
    path("<slug:code>/start/", views.start, name="start"),
    path("<slug:code>/evaluation/", views.evaluation, name="evaluation"),
    path("<slug:code>/evaluation.pdf", views.evaluation_pdf, name="evaluation_pdf"),
    path("<slug:code>/evaluation/case/", views.raise_case, name="raise_case"),
]
