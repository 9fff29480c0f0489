"""What the bot promises, PRIVACY.md and TERMS.md, as pages. They are written in a little Markdown."""

import re
from html import escape
from pathlib import Path
from typing import Final

PAPERS: Final = {"privacy": "PRIVACY.md", "terms": "TERMS.md"}
"""Files by the address of their pages."""
_HERE: Final = Path(__file__).resolve()
_FOLDERS: Final = (_HERE.parents[3], _HERE.parents[2] / "papers")  # of a checkout, and once installed


def papers() -> dict[str, str]:
    """Return the papers as HTML, by the address of their pages; those that are not here are left out."""
    found = {page: _found(name) for page, name in PAPERS.items()}
    return {page: as_html(path.read_text(encoding="utf-8")) for page, path in found.items() if path}


def as_html(text: str) -> str:
    """Turn headings, paragraphs, lists, strong words, code and links of Markdown into HTML."""
    return "\n".join(_block(block.strip()) for block in re.split(r"\n\s*\n", text.strip()))


def _block(block: str) -> str:
    if heading := re.match(r"(#{1,3}) (.*)", block):
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>{_block(block[heading.end() :].strip())}"
    if block.startswith("- "):
        items = (" ".join(item.split()) for item in re.split(r"(?:^|\n)- ", block)[1:])
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"
    return f"<p>{_inline(' '.join(block.split()))}</p>" if block else ""


def _inline(text: str) -> str:
    text = escape(text, quote=True)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(r"`(.+?)`", r"<code>\1</code>", text)
    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", _link, text)


def _link(found: re.Match[str]) -> str:
    page = next((page for page, name in PAPERS.items() if name == found[2]), found[2])
    return f'<a href="{page}">{found[1]}</a>'


def _found(name: str) -> Path | None:
    return next((folder / name for folder in _FOLDERS if (folder / name).is_file()), None)
