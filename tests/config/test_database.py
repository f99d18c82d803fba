import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_suite_reaches_its_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
