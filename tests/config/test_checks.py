import pytest
from django.core.checks import Tags, run_checks
from django.db import connection, models
from django.db.models.functions import Lower

from workloom.config.checks import is_portable, too_old, wrong_collation, wrong_encoding


def test_an_old_server_is_an_error_that_says_what_to_do() -> None:
    (found,) = too_old("MariaDB", (10, 6, 12), (10, 11, 5))
    assert found.msg == "MariaDB 10.6.12 is older than 10.11.5."
    assert found.hint == "Upgrade it, or point DATABASE_URL to MariaDB 10.11.5 or newer."
    assert too_old("MariaDB", (10, 11, 5), (10, 11, 5)) == []
    assert too_old("MariaDB", (11, 4, 2), (10, 11, 5)) == []


@pytest.mark.parametrize("collation", ["utf8mb4_general_ci", "latin1_swedish_ci", "utf8mb4_bin"])
def test_a_collation_that_takes_texts_for_equal_is_an_error_with_the_remedy(collation: str) -> None:
    (found,) = wrong_collation("tasks", collation)
    assert collation in found.msg
    assert "ALTER DATABASE `tasks` CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin" in str(found.hint)


def test_a_bytewise_collation_without_padding_is_right() -> None:
    assert wrong_collation("tasks", "utf8mb4_nopad_bin") == []
    assert wrong_collation("tasks", "utf8mb4_0900_bin") == []


def test_a_database_that_cannot_hold_every_script_is_an_error_with_the_remedy() -> None:
    (found,) = wrong_encoding("tasks", "SQL_ASCII")
    assert "ENCODING 'UTF8'" in str(found.hint)
    assert wrong_encoding("tasks", "UTF8") == []


@pytest.mark.django_db
def test_the_database_of_this_run_passes() -> None:
    assert run_checks(tags=[Tags.database], databases=["default"]) == []


@pytest.mark.django_db
def test_texts_that_only_look_alike_are_different_in_this_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE spelled (word varchar(20) UNIQUE)")
        for word in ("cafe", "café", "Cafe", "cafe ", "😀", "😁"):
            cursor.execute("INSERT INTO spelled VALUES (%s)", [word])
        cursor.execute("SELECT count(*) FROM spelled")
        assert cursor.fetchone() == (6,)
        cursor.execute("DROP TABLE spelled")


@pytest.mark.parametrize(
    "constraint",
    [
        models.UniqueConstraint(fields=["a"], condition=models.Q(b=None), name="a_where"),
        models.UniqueConstraint(Lower("a"), name="a_folded"),
        models.UniqueConstraint(fields=["a"], nulls_distinct=False, name="a_nulls"),
        models.UniqueConstraint(fields=["a"], include=["b"], name="a_with_b"),
        models.UniqueConstraint(fields=["a"], deferrable=models.Deferrable.DEFERRED, name="a_later"),
    ],
    ids=lambda constraint: constraint.name,
)
def test_uniqueness_that_mariadb_would_drop_is_not_portable(constraint: models.UniqueConstraint) -> None:
    assert not is_portable(constraint)


def test_plain_uniqueness_is_portable() -> None:
    assert is_portable(models.UniqueConstraint(fields=["project", "number"], name="plain"))


def test_no_model_leans_on_uniqueness_that_mariadb_would_drop() -> None:
    assert [issue for issue in run_checks(tags=[Tags.models]) if issue.id == "workloom.E005"] == []
