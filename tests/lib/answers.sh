# What a script answers on standard output is the answer alone, whatever the programs that it runs say there: a first run
# of Maven writes an escape sequence when TERM is xterm. Sourced by tests/run, in the root.
# shellcheck shell=bash

# Every script of a copy of this tree, in an empty cache, with programs that chatter on standard output.
check_answers() {
    PASSED=0 FAILED=0 WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
    mkdir -p "$WORK"/{tree,home,framework,ndk/toolchains/llvm/prebuilt/here/bin}
    git ls-files -z --cached --others --exclude-standard bindings Cargo.toml Cargo.lock |
        while IFS= read -r -d '' file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done |
        tar --create --null --files-from=- | tar --extract --directory "$WORK/tree"
    chattering_programs "$WORK/bin" "$WORK/root"

    local phone='paylink/phone'
    answers "" bindings/phone-libs/without-sdk/install
    answers "CACHE/$phone/sysroot-[0-9a-f]+" bindings/phone-libs/without-sdk/android/sysroot
    answers "CACHE/$phone/ios-sysroot-[0-9a-f]+" bindings/phone-libs/without-sdk/ios/sysroot
    answers "CACHE/$phone/emulator-[0-9.]+/bin/python" bindings/phone-libs/android/emulator
    answers "CACHE/$phone/target-packages/aarch64-linux-android/phone/libpaylink_ffi.so" bindings/phone-libs/compile aarch64-linux-android
    answers "CACHE/$phone/target-packages/aarch64-apple-ios/phone/libpaylink_ffi.a" bindings/phone-libs/compile aarch64-apple-ios
    export ANDROID_NDK_HOME=$WORK/ndk
    answers "CACHE/$phone/target-ndk/aarch64-linux-android/phone/libpaylink_ffi.so" bindings/phone-libs/compile aarch64-linux-android
    unset ANDROID_NDK_HOME
    export SYSTEM=Darwin
    answers "CACHE/$phone/target-xcode/aarch64-apple-ios/phone/libpaylink_ffi.a" bindings/phone-libs/compile aarch64-apple-ios
    unset SYSTEM
    answers "CACHE/paylink/swift-[a-z]+/usr/libexec/swift/bin" bindings/swift/install
    answers $'kotlin: [^\n]*\nswift: [^\n]*' bindings/generate
    answers "packed [^ ]+\.jar [^ ]+\.aar" bindings/kotlin/pack
    answers "packed [^ ]+/PaylinkKit" bindings/swift/pack "$WORK/framework"
    no_script_is_missing
    echo
    echo "answers: $PASSED passed, $FAILED failed"
    [ "$FAILED" = 0 ]
}

# answers PATTERN SCRIPT [ARGUMENT]…: standard output is that, from the first byte to the last. CACHE is the cache.
answers() {
    local pattern=$1 said cache=$WORK/cache.$((PASSED + FAILED))
    shift
    mkdir -p "$cache" "$WORK/target/debug" "$WORK/target/packages"
    touch "$WORK/framework/Info.plist" "$WORK/target/debug/libpaylink_ffi.so"
    cp "$WORK"/bin/{bindgen-*,paylink-codes} "$WORK/target/debug/"
    said=$(cd "$WORK/tree" && env -u RUSTUP_TOOLCHAIN TERM=xterm HOME="$WORK/home" XDG_CACHE_HOME="$cache" PAYLINK_PROFILE=dev \
        CARGO_TARGET_DIR="$WORK/target" ROOT_OF_PACKAGES="$WORK/root" SYSTEM="${SYSTEM:-Linux}" PATH="$WORK/bin:$PATH" \
        "$@" 2>"$WORK/chatter" && echo .) || true
    said=${said%.}
    if [[ ! $said =~ ^${pattern/#CACHE/$cache}$'\n'?$ ]]; then
        printf '%q\n' "$said" >>"$WORK/chatter"
        wrong "$*: answers something else (the last line):" "$WORK/chatter"
    elif ! grep -q 'fetching it all' "$WORK/chatter"; then
        wrong "$*: none of its programs was heard on standard error:" "$WORK/chatter"
    else
        echo "ok      $*"
        PASSED=$((PASSED + 1))
    fi
}

wrong() { # WHAT FILE
    echo "WRONG   $1"
    tail -n 4 "$2" | cut -c 1-300 | cat -v | sed 's/^/        /'
    FAILED=$((FAILED + 1))
}

# A script that another one asks for its answer, or that keeps its standard output for one, is among those above.
no_script_is_missing() {
    local script missing="" scripts
    # shellcheck disable=SC2016 # the scripts' own words
    mapfile -t scripts < <(
        git grep -hoE '\$\((nice -n [0-9]+ )?"?(\$HERE/|bindings/)[a-z/-]+' -- bindings tests .ci | sed -E 's,.*(\$HERE|bindings)/,,'
        git grep -l '^exec 3>&1 >&2$' -- bindings | sed 's,^bindings/,,'
    )
    [ "${#scripts[@]}" -ge 12 ] || missing=" (only ${#scripts[@]} scripts were found)"
    for script in "${scripts[@]}"; do
        grep -qE "^ +answers .*bindings/([a-z/-]+/)?$script( |$)" tests/lib/answers.sh || missing+=" $script"
    done
    if [ -n "$missing" ]; then
        echo "WRONG   no answer is asked of:$missing"
        FAILED=$((FAILED + 1))
    else
        echo "ok      each script whose answer another one reads is among them"
        PASSED=$((PASSED + 1))
    fi
}

# The real installers, into an empty cache: 150 MB are fetched, so only before a release.
check_installers() (
    local cache said
    cache=$(mktemp -d)
    trap 'rm -rf "$cache"' EXIT
    said=$(TERM=xterm XDG_CACHE_HOME=$cache bindings/phone-libs/without-sdk/android/sysroot && echo .) || return 1
    [[ ${said%.} =~ ^$cache/paylink/phone/sysroot-[0-9a-f]+$'\n'$ ]] || { printf 'the answer is %q\n' "$said"; return 1; }
    echo "installers: in an empty cache standard output is the folder and nothing else"
)

# Programs that say much on standard output and make what a script goes on with. chattering_programs FOLDER ROOT; ROOT is
# what the packages of Debian hold.
chattering_programs() {
    local bin=$1 root=$2 name real
    mkdir -p "$bin" "$root"/usr/{bin,lib/x86_64-linux-gnu} "$root/usr/libexec/swift"/{bin,libexec,lib/swift/{linux,host/plugins}}
    real=$(command -v python3)
    program() { # FILE, and on standard input what it does beside chattering
        { printf '%s\n' '#!/usr/bin/env bash' 'chatter() { printf "\033[?1h\033=\033[6nfetching it all\n"; }'; cat; } >"$1"
        chmod 755 "$1"
    }
    for name in cargo cargo-ndk rustup java pip ld.gold xcodebuild; do echo chatter | program "$bin/$name"; done
    for name in rustc cargo; do echo chatter | program "$root/usr/bin/$name"; done
    echo "chatter && cat >/dev/null" | program "$bin/gcc" # whoever asks it pipes
    echo chatter | program "$root/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    echo 'echo "Swift version 5.0"' | program "$bin/swift"
    echo chatter | program "$root/usr/libexec/swift/bin/swift"
    program "$root/usr/libexec/swift/bin/swiftc" <<'SWIFTC'
chatter
printf '#!/bin/sh\necho made by Swift true\n' >"${@: -1}"
chmod 755 "${@: -1}"
SWIFTC
    program "$bin/uname" <<'UNAME'
case $1 in -s) echo "$SYSTEM" ;; -m) echo x86_64 ;; *) echo "$SYSTEM x86_64" ;; esac
UNAME
    program "$bin/df" <<'DF'
printf 'a filesystem\nof 1 1 9999999 1 here\n'
DF
    program "$bin/apt-get" <<'APT'
case "$*" in
    *indextargets*) echo "Debian main stable a-mirror" ;;
    *--simulate*) printf 'Inst %s\n' rustc-web cargo-web swiftlang ;;
    *download*) chatter && touch a.deb ;;
    *) chatter ;;
esac
APT
    program "$bin/dpkg-deb" <<'DPKG'
tar --create --directory "$ROOT_OF_PACKAGES" .
DPKG
    program "$bin/python3" <<PYTHON
real=$real
PYTHON
    cat >>"$bin/python3" <<'PYTHON'
case "$*" in
    *"pip download"*)
        chatter
        "$real" - "${@: -1}/ziglang.whl" <<'WHEEL'
import sys, zipfile
zig = """#!/bin/sh
printf '\\033[?1h\\033=fetching it all\\n'
while [ $# -gt 0 ]; do case $1 in -o | rcs) : >"$2" ;; -) cat >/dev/null ;; esac; shift; done
"""
zipfile.ZipFile(sys.argv[1], "w").writestr("ziglang/zig", zig)
WHEEL
        ;;
    "-m venv"*) chatter && mkdir -p "$3/bin" && cp "$(dirname "$0")/pip" "$3/bin/" ;;
    *) exec "$real" "$@" ;;
esac
PYTHON
    program "$bin/mvn" <<'MAVEN'
chatter
for word; do
    case $word in
        -DoutputDirectory=*)
            # Any library that exports something stands in for a phone's.
            python3 - "${word#*=}/phone.jar" "$(readlink -f "$(command -v bash)")" <<'JAR'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as jar:
    for name in ["libc", "libm", "libdl", "liblog"]:
        for folder in ["lib", "lib64"]:
            jar.write(sys.argv[2], f"android/sdk23/{folder}/{name}.so")
JAR
            ;;
        package) mkdir -p ../../target/maven/kotlin && touch ../../target/maven/kotlin/paylink-kotlin-0.jar ;;
    esac
done
MAVEN
    program "$bin/unzip" <<'UNZIP'
chatter
python3 -m zipfile -e "$2" "${@: -1}"
UNZIP
    program "$bin/jar" <<'JAR'
chatter
while [ $# -gt 0 ]; do [ "$1" != --file ] || touch "$2"; shift; done
JAR
    program "$bin/bindgen-kotlin" <<'KOTLIN'
chatter
mkdir -p "${@: -1}/com/paylink/core" && touch "${@: -1}/com/paylink/core/paylink.kt"
KOTLIN
    program "$bin/paylink-codes" <<'CODES'
chatter
CODES
    program "$bin/bindgen-swift" <<'SWIFT'
chatter
mkdir -p "${@: -1}" && touch "${@: -1}/PaylinkCore.swift"
SWIFT
}
