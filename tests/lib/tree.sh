# The rules of the house that no compiler knows. Sourced by tests/run, which is where it runs from.
# shellcheck shell=bash

# A file's lines without its tests: up to `#[cfg(test)]` followed by a module with a body.
MAX_LINES=350
code_lines() {
    awk '/^#\[cfg\(test\)\]$/ { held = 1; next } held { if (/^mod [a-z_]+ \{/) exit; n++; held = 0 } { n++ } END { print n + 0 }' "$1"
}

# A test's name is a sentence that fits a line of a log.
MAX_NAME=70

# Neither a folder of somebody's machine nor a registry's server belongs into a file. Written so as not to find itself.
ELSEWHERE='(^|[^[:alnum:]_.])/(work|root|home)/[[:alnum:]_.-]+|(index|static)[.]crates[.]io|deb[.]debian[.]org|repo1?[.]maven[.]apache'

check_tree() {
    PASSED=0 FAILED=0
    check "no source file is longer than $MAX_LINES lines" long_files
    check "no test has a name of more than $MAX_NAME characters" long_names
    check "no file names a folder of a machine or a registry's server" foreign_places
    check "Cargo.lock is committed and fits the crates" lock_does_not_fit
    check "every test target is a suite" lonely_targets
    check "no room of the core uses one below it in core/README.md" rooms_upside_down
    check "every rule, fact, ADR, section, file and heading that is cited is there" dead_citations
    check "a citation that leads nowhere is noticed, of each kind" unnoticed_citations
    check "shellcheck has nothing to say about any script" shell_mistakes
    check "the licence of every crate is the workspace's" other_licences
    echo
    echo "rules: $PASSED passed, $FAILED failed"
    [ "$FAILED" = 0 ]
}

# check RULE COMMAND: the command prints what breaks the rule.
check() {
    local found
    found=$("$2" 2>&1 || true)
    if [ -z "$found" ]; then
        echo "ok      $1"
        PASSED=$((PASSED + 1))
    else
        echo "BROKEN  $1:"
        # shellcheck disable=SC2001 # each line of several
        sed 's/^/        /' <<<"$found"
        FAILED=$((FAILED + 1))
    fi
}

tracked() {
    git ls-files -z --cached --others --exclude-standard "$@" | tr '\0' '\n'
}

long_files() {
    local file lines
    tracked 'core/src/*.rs' 'bindings/*.rs' 'tests/sandbox/src/*.rs' | while read -r file; do
        case $file in */tests/* | */tests.rs | *_tests.rs) continue ;; esac
        [ -f "$file" ] || continue
        lines=$(code_lines "$file")
        [ "$lines" -le "$MAX_LINES" ] || echo "$file: $lines lines"
    done
}

# Tests of Rust and Kotlin are functions behind an attribute, Swift's have their sentence in it.
long_names() {
    tracked '*.rs' '*.kt' '*.swift' | while read -r file; do [ -f "$file" ] && printf '%s\0' "$file"; done |
        xargs -0 grep -nE --with-filename "(fn|fun) (\`[^\`]{$((MAX_NAME + 1)),}\`|[a-z0-9_]{$((MAX_NAME + 1)),})\(|@Test\(\"[^\"]{$((MAX_NAME + 1)),}\"" | cut -c 1-200
}

foreign_places() {
    tracked | while read -r file; do [ -f "$file" ] && printf '%s\0' "$file"; done |
        xargs -0 grep -InE --with-filename "$ELSEWHERE" | cut -c 1-160
}

lock_does_not_fit() {
    git ls-files --error-unmatch Cargo.lock >/dev/null
    cargo metadata --locked --offline --format-version 1 --no-deps >/dev/null
}

lonely_targets() {
    local target
    test_targets | while read -r target; do
        [[ " ${SUITES[*]} " = *" $target "* ]] || echo "$target"
    done
}

# The rooms stand in their order in core/README.md: a table whose first column names them.
rooms_upside_down() {
    local rooms room used at=0
    declare -A place
    # shellcheck disable=SC2016 # the table's own marks
    mapfile -t rooms < <(sed -nE 's/^\| `([a-z]+)` \|.*/\1/p' core/README.md)
    [ "${#rooms[@]}" -ge 10 ] || echo "core/README.md: no table of rooms"
    for room in "${rooms[@]}"; do
        place[$room]=$at
        at=$((at + 1))
        [ -e "core/src/$room" ] || [ -e "core/src/$room.rs" ] || echo "core/README.md: there is no room $room"
    done
    tracked 'core/src/*/*' | sed -nE 's,^core/src/([a-z]+)/.*\.rs$,\1,p' | sort -u | while read -r room; do
        [ -n "${place[$room]:-}" ] || echo "core/README.md: the room $room is missing"
    done
    for room in "${rooms[@]}"; do
        tracked "core/src/$room/*.rs" "core/src/$room.rs" | grep -vE '/tests?(/|\.rs$)|_tests?\.rs$' |
            while read -r file; do [ -f "$file" ] && code_of "$file" | sed "s,^,$file ,"; done |
            sed -nE 's,^([^ ]+) .*crate::([a-z]+)\b.*,\1 \2,p' | sort -u | while read -r file used; do
            [ -n "${place[$used]:-}" ] && [ "${place[$used]}" -gt "${place[$room]}" ] && echo "$file uses $used"
        done
    done
    true
}

# A file's lines without its tests.
code_of() {
    head -n "$(code_lines "$1")" "$1"
}

dead_citations() {
    tracked | python3 tests/lib/citations.py
}

# Planted ones: ten, the last over two lines.
unnoticed_citations() {
    local folder line
    folder=$(mktemp -d)
    cp tests/lib/dead_citations.txt "$folder/planted.md"
    { tracked && echo "$folder/planted.md"; } | python3 tests/lib/citations.py >"$folder/found" || true
    for line in {1..10}; do
        grep -qF "$folder/planted.md:$line: " "$folder/found" || sed -n "${line}s/^/not noticed: /p" "$folder/planted.md"
    done
    rm -r "$folder"
}

# Scripts are known by their first line or their ending; parts that others source say so to shellcheck.
shell_mistakes() {
    local file scripts=()
    while read -r file; do
        [ -f "$file" ] || continue
        case $file in
            *.sh) scripts+=("$file") ;;
            *.*) ;;
            *) ! head -n 3 "$file" | grep -qaE '^#!.*\b(ba|da)?sh\b|^# shellcheck shell=' || scripts+=("$file") ;;
        esac
    done < <(tracked)
    [ "${#scripts[@]}" -ge 20 ] || echo "only ${#scripts[@]} scripts were found"
    shellcheck --external-sources --format gcc "${scripts[@]}"
}

other_licences() {
    local file
    tracked 'Cargo.toml' '*/Cargo.toml' | while read -r file; do
        grep -qE '^license(\.workspace = true| = "Apache-2.0 OR MIT")$' "$file" || echo "$file"
    done
}
