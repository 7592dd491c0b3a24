"""Comments and indentation out of our modules when they are collected: they cost nothing in the source, and should cost no
reader a wait.

Only comments that have their lines to themselves go, and every line of code stays a line. Strings, templates and regular
expressions are skipped over; a source that this reading of JavaScript does not come out of cleanly is left as it is.
"""

from __future__ import annotations

import re

# what a line can begin with in front of code, and what cannot hold a comment; the first that matches wins
_PARTS = re.compile(
    r"""(?P<line>^[ \t]*//[^\n]*(?:\n|\Z))
      | (?P<block>^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*(?:\n|\Z))
      | (?P<indent>^[ \t]+)
      | (?P<tail>//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<regex>(?:(?<=[(,=:\[!&|?{};])|(?<=return))[ ]?/(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
      | (?P<tick>`)
      | (?P<brace>[{}])
      | (?P<open>["'])""",
    re.VERBOSE | re.MULTILINE,
)
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?P<end>`|\$\{)", re.DOTALL)


def without_comments_and_indents(source: str) -> str:
    """The module without the comments that stand on lines of their own, and without what lines of code begin with; unchanged
    where it cannot be read for sure."""
    out: list[str] = []
    depths: list[int] = []  # one open "${" of a template each: how many braces are open inside it
    at = 0
    while found := _PARTS.search(source, at):
        out.append(source[at : found.start()])
        kind, at = str(found.lastgroup), found.end()
        if kind in ("line", "block", "indent"):
            continue
        out.append(found[0])
        if kind == "open":
            return source
        if kind == "brace" and depths:
            depths[-1] += 1 if found[0] == "{" else -1
        closes = kind == "brace" and bool(depths) and depths[-1] < 0
        if closes:
            depths.pop()
        if kind == "tick" or closes:
            inside = _TEMPLATE.match(source, at)
            if inside is None:
                return source
            out.append(inside[0])
            at = inside.end()
            if inside["end"] == "${":
                depths.append(0)
    return source if depths else "".join([*out, source[at:]])
