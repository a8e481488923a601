"""Addresses of the room."""

from django.urls import path

from evaluation.actions import views

app_name = "actions"
urlpatterns = [
    path("meeting/<int:pk>/", views.go_through, name="go_through"),
    path("item/<int:pk>/", views.item, name="item"),
    path("item/<int:pk>/report/", views.report, name="report"),
    path("item/<int:pk>/mend/", views.mend, name="mend"),
    path("item/<int:pk>/settle/", views.settle, name="settle"),
    path("<slug:code>/", views.body_list, name="list"),
    path("<slug:code>/list.csv", views.body_csv, name="csv"),
    path("<slug:code>/add/", views.add, name="add"),
]
