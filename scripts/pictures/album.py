"""The pictures on one page: var/pictures/index.html, each beside the one before the change where there is one."""

from html import escape
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "var/pictures"
NOW, BEFORE = "now", "before"
STYLE = (
    "body{font:16px/1.5 sans-serif;margin:2rem}figure{display:inline-block;margin:0 1rem 1rem 0;vertical-align:top}"
    "img{max-width:22rem;max-height:30rem;object-fit:cover;object-position:top;border:1px solid #999}"
    "h2{border-top:1px solid #999;padding-top:1rem}"
)


def write() -> Path:
    """Write the page that shows all pictures that lie in the folders; gives its path."""
    states = sorted({path.parent.name for path in FOLDER.glob("*/*/*.png")})
    body = "".join(f"<h1>{escape(state)}</h1>{_state(state)}" for state in states)
    page = FOLDER / "index.html"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title><style>{STYLE}</style>'
    page.write_text(f"{head}{body}</html>")
    return page


def _state(state: str) -> str:
    names = sorted({path.stem for path in FOLDER.glob(f"*/{state}/*.png")})
    views: dict[str, list[str]] = {}
    for name in names:
        views.setdefault(name.rpartition("--")[0], []).append(name)
    return "".join(f"<h2>{escape(view)}</h2>{_row(state, shown)}" for view, shown in views.items())


def _row(state: str, names: list[str]) -> str:
    """The pictures of one view, each as it was before and as it is now."""
    return "".join(
        _figure(f"{folder}/{state}/{name}.png", f"{name.rpartition('--')[2]} {folder}")
        for name in names
        for folder in (BEFORE, NOW)
        if (FOLDER / folder / state / f"{name}.png").exists()
    )


def _figure(path: str, words: str) -> str:
    source = escape(path)
    return (
        f'<figure><a href="{source}"><img src="{source}" alt="" loading="lazy"></a>'
        f"<figcaption>{escape(words)}</figcaption></figure>"
    )
