"""Addresses of the register and of one's own page, in the namespace ``portal``."""

from django.urls import path

from portal.communities.views import bodies, log, my_page, organisations, people

urlpatterns = [
    # one's own page
    path("my-page/", my_page.my_page, name="my_page"),
    path("my-page/edit/", my_page.profile, name="profile"),
    path("my-page/address/", my_page.new_address, name="new_address"),
    path("my-page/address/<str:token>/", my_page.confirm_address, name="confirm_address"),
    # organisations
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/new/", organisations.organisation_add, name="organisation_add"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.organisation_edit, name="organisation_edit"),
    path("organisations/<int:pk>/end/", organisations.organisation_end, name="organisation_end"),
    path("organisations/<int:pk>/end/take-back/", organisations.take_back_end, name="organisation_take_back_end"),
    path("organisations/<int:pk>/people/new/", people.affiliation_add, name="affiliation_add"),
    path("affiliations/<int:pk>/edit/", people.affiliation_edit, name="affiliation_edit"),
    path("affiliations/<int:pk>/end/", people.affiliation_end, name="affiliation_end"),
    path("communities/<slug:code>/addresses/", organisations.addresses, name="addresses"),
    # bodies
    path("bodies/", bodies.body_list, name="body_list"),
    path("bodies/new/", bodies.body_add, name="body_add"),
    path("bodies/<slug:code>/", bodies.body, name="body"),
    path("bodies/<slug:code>/edit/", bodies.body_edit, name="body_edit"),
    path("bodies/<slug:code>/end/", bodies.body_end, name="body_end"),
    path("bodies/<slug:code>/end/take-back/", bodies.take_back_end, name="body_take_back_end"),
    path("bodies/<slug:code>/seats/new/", bodies.seat_add, name="seat_add"),
    path("bodies/<slug:code>/seats/first/", bodies.seat_first, name="seat_first"),
    path("seats/<int:pk>/edit/", bodies.seat_edit, name="seat_edit"),
    path("seats/<int:pk>/confirm/", bodies.seat_confirm, name="seat_confirm"),
    path("seats/<int:pk>/end/", bodies.seat_end, name="seat_end"),
    # people and the log
    path("people/", people.person_list, name="person_list"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/invite/", people.invite_again, name="invite_again"),
    path("log/", log.log, name="log"),
]
