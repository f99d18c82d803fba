import re
from pathlib import Path

from tests.architecture.sources import ROOT, tracked_files

TEXT = {".py", ".md", ".txt", ".toml", ".ini", ".json", ".yaml", ".yml", ".html", ".css", ".js", ".ts", ".cfg", ""}
# Registries' download addresses, and paths that exist on one machine only.
OFFENCES = {
    "an index address": re.compile(r"(?i)--(extra-)?index-url|--find-links|/simple/|files\.python" r"hosted\.org"),
    "a download address": re.compile(r"https?://\S+\.(whl|tar\.gz|tgz)\b"),
    "a path of one machine": re.compile(r"(?<![\w.])/(home|Users|root)/[a-z]|" r"file:///"),
}


def test_requirements_carry_hashes_and_no_addresses() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text()
        assert "://" not in text, path.name
        pinned = re.findall(r"^([A-Za-z0-9._-]+)==\S+", text, re.MULTILINE)
        assert len(pinned) > 20
        for block in re.split(r"\n(?=\S)", text):
            if "==" in block and not block.startswith("#"):
                assert "--hash=sha256:" in block, block.splitlines()[0]


def test_nothing_committed_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = []
    for path in tracked_files():
        if path.suffix not in TEXT or path == Path(__file__).resolve() or path.stat().st_size > 2_000_000:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if str(ROOT) in text and len(ROOT.parts) > 2:
            found.append(f"{path.relative_to(ROOT)}: this folder's own path")
        found += [f"{path.relative_to(ROOT)}: {what}" for what, offence in OFFENCES.items() if offence.search(text)]
    assert found == []
