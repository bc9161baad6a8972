# What bindings/kotlin/pack and bindings/swift/pack pack. Sourced by tests/run and bindings/phone-libs/test, in the root.
# shellcheck shell=bash

# Packs with one made-up library of a phone, looks into both packages, and runs the JAR.
check_packages() (
    local jni said aar jar inside
    jni=$(mktemp -d)
    trap 'rm -rf "$jni"' EXIT # the packages as well: nobody shall ship a made-up library
    mkdir -p "$jni/arm64-v8a"
    echo "not a library" >"$jni/arm64-v8a/libpaylink_ffi.so"
    said=$(PAYLINK_PACKAGES=$jni/packages PAYLINK_PROFILE=dev PAYLINK_GENERATED=true bindings/kotlin/pack "$jni" 2>&1) || { echo "$said"; return 1; }
    aar=$(sed -nE 's/^packed .* (.*\.aar)$/\1/p' <<<"$said")
    jar=$(sed -nE 's/^packed (.*\.jar) .*$/\1/p' <<<"$said")

    inside=$(jar --list --file "$aar")
    for entry in classes.jar AndroidManifest.xml R.txt proguard.txt jni/arm64-v8a/libpaylink_ffi.so; do
        grep -qxF "$entry" <<<"$inside" || { echo "the AAR has no $entry"; return 1; }
    done
    ! grep -q 'jni/x86_64' <<<"$inside" || { echo "the AAR has a library that nobody built"; return 1; }
    for abi in armeabi-v7a x86_64; do
        grep -q "missing: $abi" <<<"$said" || { echo "nobody said that $abi is missing"; return 1; }
    done

    inside=$(jar --list --file "$jar")
    for entry in com/paylink/Paylink.class com/paylink/core/Paylink.class META-INF/proguard/paylink.pro; do
        grep -qxF "$entry" <<<"$inside" || { echo "the JAR has no $entry"; return 1; }
    done
    grep -qE '^[a-z]+-[a-z0-9-]+/libpaylink_ffi\.(so|dylib)$' <<<"$inside" || { echo "the JAR has no library"; return 1; }
    sells "$jar" "$jni" || return 1
    echo "packages: the JAR and the AAR hold what they should, and the JAR sells"
)

# The first program of bindings/README.md, which Maven has compiled with the tests, on nothing but a JAR and what that
# depends on. JNA unpacks the library that is inside. sells JAR FOLDER
sells() {
    local maven=${XDG_CACHE_HOME:-$HOME/.cache}/paylink/maven target=${CARGO_TARGET_DIR:-target} path=$1 told printed
    version() { sed -nE "s,^ *<$1\.version>(.*)</.*,\1,p" bindings/kotlin/pom.xml; }
    field() { sed -nE "s/.*\"$1\":\"([^\"]*)\".*/\1/p" <<<"$told"; }
    for of in org/jetbrains/kotlin/kotlin-stdlib=kotlin org/jetbrains/kotlinx/kotlinx-coroutines-core-jvm=coroutines net/java/dev/jna/jna=jna; do
        path+=:$(echo "$maven/${of%=*}/$(version "${of#*=}")"/*.jar)
    done
    mkdir -p "$2/program" "$2/unpacked"
    cp "$target"/maven/kotlin/test-classes/NewcomerKt*.class "$2/program/"

    coproc SANDBOX { exec "$target/debug/paylink" --json sandbox --port 0 2>/dev/null; }
    # shellcheck disable=SC2153 # bash sets it
    local sandbox=$SANDBOX_PID
    read -r -u "${SANDBOX[0]}" told
    printed=$(env -u LD_LIBRARY_PATH java -Djna.tmpdir="$2/unpacked" -cp "$path:$2/program" NewcomerKt \
        "$(field origin)" "$(field account)" "$(field client_id)" "$(field client_secret)" "$2/data" 2>"$2/errors") || true
    kill "$sandbox"
    [[ $printed == "$(field origin)"/* ]] || { echo "the JAR by itself makes no link: $printed" && cat "$2/errors"; return 1; }
}

# Packs the libraries that bindings/phone-libs/build has made, and compares what is inside with them.
check_phone_packages() (
    local built=${CARGO_TARGET_DIR:-target}/phone/android work said inside
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    said=$(PAYLINK_PACKAGES=$work/packages PAYLINK_PROFILE=dev bindings/kotlin/pack "$built" 2>&1) || { echo "$said"; return 1; }
    (cd "$work" && jar --extract --file packages/*.aar)
    inside=$(cd "$work/jni" && echo */libpaylink_ffi.so)
    [ "$inside" = "$(cd "$built" && echo */libpaylink_ffi.so)" ] || { echo "the AAR has: $inside"; return 1; }
    for library in $inside; do
        cmp "$built/$library" "$work/jni/$library" || return 1
    done
    echo "packages: the AAR has $inside, byte by byte as they were built"
)

# Packs the framework that bindings/phone-libs/build has made: Swift's package manager must read the package that an app
# adds, and take the framework for what it is.
check_swift_package() (
    local work
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    PAYLINK_PACKAGES=$work bindings/swift/pack >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
    "$(bindings/swift/install)/swift" package --package-path "$work/PaylinkKit" --scratch-path "$work/scratch" \
        describe --type json >"$work/described" || return 1
    python3 - "$work/described" <<'PYTHON'
import json, sys
with open(sys.argv[1]) as described:
    kinds = {target["name"]: target["type"] for target in json.load(described)["targets"]}
if kinds != {"PaylinkKit": "library", "PaylinkCore": "library", "PaylinkCoreFFI": "binary"}:
    sys.exit(f"the Swift package has {kinds}")
PYTHON
    echo "packages: Swift's package manager reads PaylinkKit, with the framework as its binary"
)
