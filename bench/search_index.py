"""The search index on many rows: TEST_DB=sqlite|postgres|mysql python bench/search_index.py ROWS FOLDER_OF_CSV_FILES.

Words come from the `title` and `description` columns of CSV files; rows past their number are mixed from them.
Makes and drops a test database.
"""

import csv
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

import django  # noqa: E402 - the path comes first

django.setup()

from django.db import connection  # noqa: E402 - Django is set up first

from workloom.core.models import SearchRow  # noqa: E402 - as above
from workloom.core.search import IndexEntry, index_rows, matching, search_condition  # noqa: E402 - as above

QUERIES = [
    "qzxv",
    "zookeeper",
    "servlet container",
    "1732",
    "ENG-732",
    "项目",
    "计划",
    "deploy",
    "login error",
    "ploy config",
]
COMMON = ["indow", "error", "ab", "de", "the", "ing", "a"]
HAN = "项目计划测试发布版本客户需求问题修复数据库性能搜索功能用户界面"
START = datetime(2026, 1, 1, tzinfo=UTC)


def texts(folder: Path, rows: int) -> Iterator[tuple[str, str]]:
    csv.field_size_limit(10**9)
    random.seed(1)
    real = [
        (row["title"], row["description"] or "")
        for path in sorted(folder.glob("*.csv"))
        for row in csv.DictReader(path.open(encoding="utf-8"))
    ]
    words = [word for title, body in real for word in f"{title} {body[:500]}".split()]
    for at in range(rows):
        title, body = real[at % len(real)]
        if at >= len(real):
            title, body = mixed(title, words, 2), mixed(body, words, 3)
        if at % 20 == 0:
            body += " " + "".join(random.choices(HAN, k=30))
        yield title, body


def mixed(text: str, words: list[str], share: int) -> str:
    parts = text.split(" ")
    for _ in range(len(parts) // share):
        parts[random.randrange(len(parts))] = random.choice(words)
    return " ".join(parts)


def load(folder: Path, rows: int, scopes: list[UUID]) -> None:
    start, batch = time.perf_counter(), []
    for at, (title, body) in enumerate(texts(folder, rows)):
        key = uuid4()
        batch.append(
            IndexEntry(
                object_id=key,
                kind="task",
                scope=scopes[at % len(scopes)],
                subject=key,
                is_open=at % 3 > 0,
                title=title,
                body=body,
                updated_at=START + timedelta(minutes=at),
                codes=(f"ENG-{at}",),
            )
        )
        if len(batch) == 1000 or at == rows - 1:
            index_rows(batch)
            batch.clear()
    print(f"load: {(time.perf_counter() - start) / rows * 1000:.2f} ms per row in batches of 1000")


def milliseconds(work: Callable[[], Any], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[times // 2] * 1000


def measure(scopes: list[UUID]) -> None:
    print("| query | hits | first 20 of all, ms | first 20 in a fifth of the projects, ms | as a list's filter, ms |")
    for query in QUERIES + COMMON:
        print(measured(query, scopes[: len(scopes) // 5]), flush=True)


def measured(query: str, some: list[UUID]) -> str:
    hits = matching(query).count()
    everywhere = milliseconds(lambda: list(matching(query)[:20]))
    inside = milliseconds(lambda: list(matching(query).filter(scope__in=some)[:20]))
    listed = SearchRow.objects.filter(search_condition(query, "object_id"), scope__in=some).order_by("-pk")
    filtered = milliseconds(lambda: list(listed[:50]))
    return f"| {query} | {hits} | {everywhere:.0f} | {inside:.0f} | {filtered:.0f} |"


def measure_write(scopes: list[UUID]) -> None:
    body = SearchRow.objects.order_by("pk")[100].body
    entries = [
        IndexEntry(
            object_id=uuid4(),
            kind="task",
            scope=scopes[0],
            subject=uuid4(),
            is_open=True,
            title=f"one {at}",
            body=body,
            updated_at=START,
        )
        for at in range(50)
    ]
    enter = iter(entries)
    print(f"new entry of {len(body)} characters: {milliseconds(lambda: index_rows([next(enter)]), 50):.1f} ms")
    again = iter(entries)
    print(f"the same again: {milliseconds(lambda: index_rows([next(again)]), 50):.1f} ms")


def sizes() -> None:
    statement = {
        "postgresql": "SELECT relname, pg_relation_size(oid) / 1000000 FROM pg_class WHERE relname LIKE 'core_searchrow%%'",
        "mysql": "SELECT name, round(file_size / 1000000) FROM information_schema.innodb_sys_tablespaces"
        " WHERE name LIKE concat(database(), '/%%') AND file_size > 5000000",
        "sqlite": "SELECT name, sum(pgsize) / 1000000 FROM dbstat WHERE name LIKE 'core_searchrow%%' GROUP BY 1",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement, [])
        print({name: f"{size} MB" for name, size in cursor.fetchall() if size})


def main() -> None:
    rows, folder = int(sys.argv[1]), Path(sys.argv[2])
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        scopes = [uuid4() for _ in range(100)]
        load(folder, rows, scopes)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE TABLE core_searchrow" if connection.vendor == "mysql" else "ANALYZE core_searchrow")
        sizes()
        measure_write(scopes)
        measure(scopes)
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main()
