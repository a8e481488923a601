"""Addresses of the room."""

from django.urls import path

from evaluation.raised import views

app_name = "raised"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("new/", views.raise_one, name="raise"),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/put-up/", views.put_up, name="put_up"),
    path("<int:pk>/send-on/", views.send_on, name="send_on"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/take-back/", views.take_back, name="take_back"),
]
