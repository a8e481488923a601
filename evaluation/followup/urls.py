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
    path("<slug:code>/remind/", views.remind, name="remind"),
    path("<slug:code>/correct/", views.correct, name="correct"),
    path("<slug:code>/start/", views.start, name="start"),
    path("<slug:code>/evaluation/", views.evaluation, name="evaluation"),
    path("<slug:code>/evaluation/answer/<slug:question>/", views.evaluation_answer, name="evaluation_answer"),
    path("<slug:code>/evaluation/row/", views.evaluation_row, name="evaluation_row"),
    path("<slug:code>/evaluation/files/<slug:question>/", views.evaluation_files, name="evaluation_files"),
    path("<slug:code>/evaluation/file/<int:pk>/", views.evaluation_file, name="evaluation_file"),
    path("<slug:code>/evaluation/file/<int:pk>/remove/", views.evaluation_file_remove, name="evaluation_file_remove"),
    path("<slug:code>/evaluation.pdf", views.evaluation_pdf, name="evaluation_pdf"),
    path("<slug:code>/evaluation/case/", views.put_up_case, name="put_up_case"),
]
