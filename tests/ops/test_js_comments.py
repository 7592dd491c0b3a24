"""Comments go when scripts are collected, and nothing else does."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from lymphus_web.js_comments import without_comments_and_indents
from lymphus_web.staticfiles import Storage

READING = Path(settings.BASE_DIR) / "static" / "reading"


@pytest.mark.parametrize(
    "source, left",
    [
        ("/** What it does.\n * @param {number} a */\nexport const f = (a) => a;\n", "export const f = (a) => a;\n"),
        ("  // why\n  go();\n", "go();\n"),
        ("if (a) {\n  go();\n\tgo(`\n  text\n`);\n}\n", "if (a) {\ngo();\ngo(`\n  text\n`);\n}\n"),
        ("/* a\n  b */ go();\n  stop();\n", "/* a\n  b */ go();\nstop();\n"),
        ("go(); // stays, it shares its line\n", "go(); // stays, it shares its line\n"),
        ("const a = /** @type {any} */ (b);\n", "const a = /** @type {any} */ (b);\n"),
        ("const url = 'http://a/b';\n// gone\n", "const url = 'http://a/b';\n"),
        ('const s = "/** no */ // no \\" still";\n', 'const s = "/** no */ // no \\" still";\n'),
        ("const t = `\n// text\n/** text */\n`;\n", "const t = `\n// text\n/** text */\n`;\n"),
        ("const t = `${a\n// gone\n}\n// text\n`;\n", "const t = `${a\n}\n// text\n`;\n"),
        ("const t = `${{ a: `\n// text\n` }.a}\n// text\n`;\n", "const t = `${{ a: `\n// text\n` }.a}\n// text\n`;\n"),
        ("const r = /[`'\"/]/g;\n// gone\nf();\n", "const r = /[`'\"/]/g;\nf();\n"),
        ("// it's\n/* don't */\nf('x');\n", "f('x');\n"),
        ("f(); /* it's */ g('a');\n", "f(); /* it's */ g('a');\n"),
        ("// last line", ""),
    ],
)
def test_a_comment_with_its_lines_to_itself_goes(source: str, left: str) -> None:
    assert without_comments_and_indents(source) == left


@pytest.mark.parametrize("source", ["const t = `never ends\n// a\n", "const s = 'never ends\n// a\n", "`${a\n// a\n"])
def test_what_cannot_be_read_for_sure_stays_as_it_is(source: str) -> None:
    assert without_comments_and_indents(source) == source


def _collect(folder: Path) -> Storage:
    """Our own static files as a deployment collects them: stripped, hashed, compressed."""
    storage = Storage(location=str(folder), base_url="/static/")
    found = {}
    for finder in get_finders():
        for path, held in finder.list([]):
            if (Path(settings.BASE_DIR) / "static" / path).is_file() and "vendor" not in path:
                storage.save(path, held.open(path))
                found[path] = (held, path)
    for _name, _hashed, problem in storage.post_process(found):
        if isinstance(problem, Exception):
            raise problem
    return storage


# the feedback page's own, and a module of types that nothing loads
NOT_OF_THE_PAGE = ("feedback.js", "view-feedback.js", "types.js")


def test_the_reading_page_needs_at_most_60_kb_of_script_on_the_wire(tmp_path: Path) -> None:
    storage = _collect(tmp_path)
    sent = 0
    for source in set(READING.glob("*.js")) - {READING / name for name in NOT_OF_THE_PAGE}:
        name = storage.hashed_files[f"reading/{source.name}"]
        packed = tmp_path / f"{name}.gz"
        body = (tmp_path / name).read_bytes()
        assert len(body) < source.stat().st_size
        if packed.exists():
            assert gzip.decompress(packed.read_bytes()) == body
        sent += packed.stat().st_size if packed.exists() else len(body)
    assert 20_000 < sent <= 60_000


def test_node_reads_every_module_as_collected(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: this test reads the collected modules with it")
    files = []
    for source in sorted((Path(settings.BASE_DIR) / "static").rglob("*.js")):
        if "vendor" not in source.parts:
            file = tmp_path / f"{len(files)}.mjs"
            file.write_text(without_comments_and_indents(source.read_text()))
            files.append(file)
    for file in files:
        done = subprocess.run([node, "--check", str(file)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
