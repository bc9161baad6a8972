"""Finds citations that lead nowhere, in texts and in comments: citations.py (in the root, file names on standard input)

A rule or ADR by its number, a fact of the provider or of phones, a section of core/CONTRACT.md, a file in backticks, a
link of Markdown and its heading. Prints a line for each that is not there.
"""

import pathlib
import re
import sys

RULES = "core/README.md"
FACTS = "core/src/gateway/dintero/FACTS.md"
PHONES = "core/PHONES.md"
CONTRACT = "core/CONTRACT.md"
TEXTS = (".md", ".rs", ".kt", ".swift", ".toml", ".py", ".sql", ".sh", ".yml", "")
# Made by a build, or by whoever uses the project; or a name that another tool gives.
ELSEWHERE = re.compile(r"(target|META-INF|Sources/PaylinkCore)/|.*(Newcomer\.kt|uniffi\.toml|Info\.plist|NAME\.json|paylink\.db)$")
NUMBERS = r"(\d+(?:\.\d+)?(?:(?:, | and | to |, and )\d+(?:\.\d+)?)*)"
FILE = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:rs|md|json|sh|toml|py|sql|txt|kt|swift|snap|abi|c|yml))`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# The documents that only their writers had.
NOT_IN_THE_HOUSE = re.compile(r"\b[Dd]esign(?:,? rule|,? section|\.md|) \d+|\bfacts/\w+\.md")


def headings(path):
    return [line.lstrip("# ").strip() for line in pathlib.Path(path).read_text().splitlines() if line.startswith("#")]


def numbered(path):
    """The numbers of a page's headings: 2, 2.3."""
    return {found[1] for heading in headings(path) if (found := re.match(r"(\d+(?:\.\d+)?)\.? ", heading))}


def anchors(path):
    """What GitHub makes of the headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings(path)}


def flowing(path):
    """A file's text with each comment that goes over several lines on one, and the number of the line of each place."""
    text, lines, number = "", [], 0
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        bare = re.sub(r"^\s*(///|//!|//|#(?!#* )|\*|--)?\s*", "", line) + " "
        text += bare
        lines += [number] * len(bare)
    return text, lines


def main():
    names = [name for name in sys.stdin.read().split("\n") if pathlib.Path(name).is_file()]
    rules = set(re.findall(r"^(\d+)\. \*\*", pathlib.Path(RULES).read_text(), re.M))
    decisions = {str(int(path.name[:4])) for path in pathlib.Path("core/adr").glob("0*.md")}
    facts, phones, sections = numbered(FACTS), numbered(PHONES), numbered(CONTRACT)
    kinds = [
        (re.compile(r"(?<!tape )\b[Rr]ules? " + NUMBERS), rules, RULES),
        (re.compile(r"\bADRs? " + NUMBERS), decisions, "core/adr"),
        (re.compile(r"(?<![Pp]hone )\b[Ff]acts? " + NUMBERS), facts, FACTS),
        (re.compile(r"\b[Pp]hone facts? " + NUMBERS), phones, PHONES),
        (re.compile(r"\b(?:[Ss]ections?|contract|CONTRACT\.md`?,?) " + NUMBERS), sections, CONTRACT),
    ]
    wrong = []
    cited = 0
    for name in names:
        path = pathlib.Path(name)
        if path.suffix not in TEXTS or name in ("tests/lib/citations.py", "LICENSE", "Cargo.lock"):
            continue
        text, lines = flowing(path)

        def report(at, what):
            wrong.append(f"{name}:{lines[at]}: {what}")

        for pattern, there, where in kinds:
            if where == CONTRACT and name in (FACTS, PHONES):
                continue
            for found in pattern.finditer(text):
                for number in re.findall(r"\d+(?:\.\d+)?", found[1]):
                    cited += 1
                    if number not in there:
                        report(found.start(), f"{found[0]!r}: {where} has no {number}")
        for found in NOT_IN_THE_HOUSE.finditer(text):
            report(found.start(), f"{found[0]!r} is not in the house")
        for found in FILE.finditer(text):
            cited += 1
            if not ELSEWHERE.match(found[1]) and not any(("/" + other).endswith("/" + found[1]) for other in names):
                report(found.start(), f"there is no file {found[1]}")
        if path.suffix != ".md":
            continue
        for found in LINK.finditer(text):
            target, _, anchor = found[1].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            cited += 1
            to = path.parent / target if target else path
            if not to.exists():
                report(found.start(), f"there is no {target}")
            elif anchor and to.suffix == ".md" and anchor not in anchors(to):
                report(found.start(), f"{to} has no heading #{anchor}")
    if cited < 100:
        wrong.append(f"only {cited} citations were found")
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
