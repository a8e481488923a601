"""The fields of all forms: each text has a limit, and an address is read by the portal's own field."""

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from portal.forms import EmailField
from tests.test_writing import every_form

pytestmark = pytest.mark.sqlite

# The domain may be written with letters that are several characters in the form that is kept.
LONGEST = f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.{'c' * 10}"
TOO_LONG = f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.{'c' * 11}"


def fields():
    """Each field of each form class, by module, class and name; not those that the sign-in library has made."""
    return {
        f"{kind.__module__}.{kind.__name__}.{name}": field
        for kind in every_form()
        for name, field in getattr(kind, "base_fields", {}).items()
        if name not in of_the_library(kind)
    }


def of_the_library(kind):
    bases = [base for base in kind.__mro__ if base.__module__.startswith("allauth.")]
    return {name for base in bases for name in getattr(base, "base_fields", {})}


def test_an_address_is_read_by_the_portals_own_field():
    mail = {name: field for name, field in fields().items() if isinstance(field, forms.EmailField)}
    assert len(mail) > 5
    assert [name for name, field in mail.items() if not isinstance(field, EmailField) or field.max_length != 254] == []


def limited_columns():
    """The names of the columns that are texts with a limit, in any table."""
    columns = (field for model in apps.get_models() for field in model._meta.get_fields())
    return {column.name for column in columns if type(column) is models.CharField}


def test_each_line_of_text_has_a_limit_and_each_long_text_a_column_without():
    endless = {
        name: field
        for name, field in fields().items()
        if isinstance(field, forms.CharField) and field.max_length is None and not name.startswith("portal.views.")
    }
    lines = {name for name, field in endless.items() if not isinstance(field.widget, forms.Textarea)}
    assert sorted(lines) == []
    assert sorted(name for name in endless if name.rpartition(".")[2] in limited_columns()) == []


@pytest.mark.parametrize(
    "address",
    [TOO_LONG, f"a@{chr(0xFDFA) * 15}.no", f"{'a' * 60}@{'.'.join([chr(0x130) * 60] * 3)}.no"],
)
def test_an_address_that_is_too_long_in_the_form_that_is_kept_is_refused(address):
    with pytest.raises(ValidationError) as refused:
        EmailField().clean(address)
    assert refused.value.error_list[0].code in {"max_length", "invalid"}


def test_an_address_is_kept_in_plain_letters():
    assert EmailField().clean(" Ola@\N{FULLWIDTH LATIN SMALL LETTER E}xample.org ") == "Ola@example.org"
    assert len(EmailField().clean(LONGEST)) == 254
