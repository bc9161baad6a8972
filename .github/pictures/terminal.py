"""Draws what a program wrote to a terminal as an SVG: its first two chapters, and its last."""

import re
import sys
from html import escape

COLOURS = {"31": "#ff7b72", "32": "#7ee787"}
LINE, LETTER = 17, 7.83


def blank(text):
    """As SVG, with spaces that no viewer takes away."""
    return escape(text, quote=False).replace(" ", "\u00a0")


def spans(line):
    """A line as (text, style)."""
    style, parts = "", re.split(r"\x1b\[([\d;]*)m", line)
    for n, part in enumerate(parts):
        if n % 2 == 0:
            if part:
                yield part, style
        elif part in ("", "0"):
            style = ""
        elif part in COLOURS:
            style += f' fill="{COLOURS[part]}"'
        elif part == "1":
            style += ' font-weight="bold" fill="#ffffff"'
        elif part == "2":
            style += ' fill="#8b949e"'


def main():
    text = sys.stdin.read().replace("\r", "")
    lines = [line for line in text.splitlines() if not line.startswith(("Script started", "Script done"))]
    bare = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines]

    def chapter(n):
        return next(at for at, line in enumerate(bare) if line.startswith(f"{n}  "))

    last = max(n for n in range(1, 10) if any(line.startswith(f"{n}  ") for line in bare))
    shown = ["\x1b[2m$ cargo run\x1b[0m", "", *lines[: chapter(3)], "\x1b[2m…\x1b[0m", "", *lines[chapter(last) :]]
    while not shown[-1].strip():
        shown.pop()
    columns = max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in shown)
    width, height = round(columns * LETTER) + 32, len(shown) * LINE + 32
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">')
    print(f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>')
    print('<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="13" fill="#c9d1d9">')
    for n, line in enumerate(shown):
        drawn = "".join(f"<tspan{style}>{blank(part)}</tspan>" if style else blank(part) for part, style in spans(line))
        if drawn.strip("\u00a0"):
            print(f'<text x="16" y="{29 + n * LINE}">{drawn}</text>')
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()
