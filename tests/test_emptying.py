"""What a test has committed is gone before the next one begins."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from portal.communities.models import User
from tests import world
from tests.harness.emptying import KEPT, empty, tables_with_rows


@pytest.mark.django_db(transaction=True)
def test_every_row_goes_and_what_django_wrote_stays():
    world.house()
    written = tables_with_rows(connection)
    assert {"communities_seat", User._meta.db_table} <= set(written)
    assert KEPT.isdisjoint(written)
    kept = ContentType.objects.count(), Permission.objects.count()
    empty(connection)
    assert tables_with_rows(connection) == []
    assert (ContentType.objects.count(), Permission.objects.count()) == kept
    assert min(kept) > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", ["first", "second"])
def test_the_next_test_finds_nothing(run):
    assert tables_with_rows(connection) == []
    world.house()
