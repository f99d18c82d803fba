"""Pages point only at what is there."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, ROOT, tracked_files

PAGES = sorted(path for path in tracked_files() if path.suffix == ".md")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors_of(page: Path) -> set[str]:
    """The names that headings get on a code host: lower case, hyphens for spaces, nothing else."""
    heads = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), target
        if anchor:
            assert anchor in anchors_of(there), target


def test_every_page_can_be_found_from_the_readme() -> None:
    found, waiting = {ROOT / "README.md"}, [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        for target in _LINK.findall(page.read_text(encoding="utf-8")):
            there = (page.parent / target.partition("#")[0]).resolve()
            pages = [there] if there.suffix == ".md" else sorted(there.glob("*.md")) if there.is_dir() else []
            for each in pages:
                if each.exists() and each not in found:
                    found.add(each)
                    waiting.append(each)
    ours = {page for page in PAGES if page.is_relative_to(ROOT / "docs")}
    assert ours <= found


@pytest.mark.parametrize("page", ["docs/map.md", "CONTRIBUTING.md"])
def test_every_file_that_the_map_names_is_there(page: str) -> None:
    text = _FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    for name in set(re.findall(r"`([a-z0-9_.-]+/[a-z0-9_./-]*)`", text)):
        found = [(ROOT / name).exists(), (ROOT / "tests" / name).exists(), any(PACKAGE.glob(f"**/{name}"))]
        assert any(found), name
