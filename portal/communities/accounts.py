"""How people sign in: by e-mail and password, invited; nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The portal's rules for accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the secretariat; membership is never taken from an e-mail domain."""
        return False
