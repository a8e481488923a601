"""The sign-in library's forms, with the portal's own sentences for what is missing: each names its field."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.forms import BaseForm

from portal.forms import set_sentences


class NamesFields(BaseForm):
    """A form whose usual errors name the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            set_sentences(name, field)


class SignIn(NamesFields, LoginForm):
    """E-mail and password."""


class SignInAgain(NamesFields, ReauthenticateForm):
    """The password once more, before what is sensitive."""


class ForgottenPassword(NamesFields, ResetPasswordForm):
    """Where the link to a new password is sent."""


class FirstPassword(NamesFields, ResetPasswordKeyForm):
    """The password that a link lets one choose."""


class NewPassword(NamesFields, ChangePasswordForm):
    """The password of one who is signed in."""


class OneTimeCode(NamesFields, AuthenticateForm):
    """The second step of signing in."""


class FirstCode(NamesFields, ActivateTOTPForm):
    """The first code of the app, which turns the second step on."""
