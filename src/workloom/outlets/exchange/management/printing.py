"""Reports and receipts for people's eyes."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workloom.outlets.exchange.models import Import


def print_outcome(console: Console, work: Import) -> None:
    """Print the receipt, or after a dry run the report."""
    if work.receipt is None:
        _print_report(console, work.report or {})
        return
    receipt = work.receipt
    here = receipt["used"] | receipt["written"]
    table = Table("", "in the file", "written or used", "already there", title=f"Receipt for {escape(work.file_name)}")
    for noun, count in receipt["in"].items():
        written, present = here.get(noun), receipt["already_there"].get(noun)
        table.add_row(noun.replace("_", " "), str(count), _shown(written), _shown(present))
    console.print(table)
    console.print(f"People: {here['people_matched']} matched, {here['placeholders']} new placeholders.")
    _print_findings(console, receipt)
    console.print(f"SHA-256 of the file: {receipt['file']['sha256']}")


def print_failure(console: Console, work: Import) -> None:
    """Print why nothing, or not all, was written."""
    error = work.error or {}
    console.print(f"[bold]{escape(error.get('detail', ''))}[/bold]")
    for one in error.get("errors", ()):
        console.print(f"  {escape(one['detail'])}")
    written = (work.receipt or {}).get("written", {})
    console.print(f"Written before: {written.get('tasks', 0)} tasks, {written.get('comments', 0)} comments.")


def _print_report(console: Console, report: Mapping[str, Any]) -> None:
    table = Table("in the file", "becomes", "how many", title=f"What {escape(report['name'] or 'the file')} holds")
    for row in report["maps"]:
        table.add_row(escape(row["theirs"]), escape(row["ours"]), str(row["count"]))
    console.print(table)
    people = Table("person", "e-mail", "assigned", "reported", "commented", title="People to match")
    for one in report["people"]:
        person = one["person"]
        counts = (str(one[what]) for what in ("assigned", "reported", "commented"))
        people.add_row(escape(person["name"]), escape(person["email"]), *counts)
    console.print(people)
    _print_findings(console, report)
    console.print("Nothing was written.")


def _print_findings(console: Console, report: Mapping[str, Any]) -> None:
    _print_list(console, "Not brought over", report["losses"])
    _print_list(console, "Changed on the way", report["adjustments"])
    if report["problems"]:
        console.print("[bold]Left out[/bold]")
    for problem in report["problems"][:20]:
        place = problem["place"]
        path = f" ({place['path']})" if place["path"] else ""
        console.print(f"  line {place['line']}{escape(path)}: {escape(problem['text'])}")
    if len(report["problems"]) > 20:
        console.print(f"  and {len(report['problems']) - 20} more")


def _print_list(console: Console, title: str, findings: Iterable[Mapping[str, Any]]) -> None:
    findings = list(findings)
    if findings:
        console.print(f"[bold]{title}[/bold]")
    for one in findings:
        examples = f" For example: {'; '.join(one['examples'][:2])}" if one["examples"] else ""
        console.print(f"  {one['count']} times: {escape(one['text'])}{escape(examples)}")


def _shown(count: int | None) -> str:
    return "" if count is None else str(count)
