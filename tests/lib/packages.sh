# What bindings/kotlin/pack and bindings/swift/pack pack. Sourced by tests/run and bindings/phone-libs/test, in the root.
# shellcheck shell=bash

# What shrinks apps for Android; from Google's repository, which Maven's settings name where it is not in the usual one.
R8_VERSION=9.5.28

# Packs with one made-up library of a phone, looks into both packages, and runs the JAR, as it is and shrunk.
check_packages() (
    local jni said aar jar inside
    jni=$(mktemp -d)
    trap 'rm -rf "$jni"' EXIT # the packages as well: nobody shall ship a made-up library
    mkdir -p "$jni/arm64-v8a"
    echo "not a library" >"$jni/arm64-v8a/libpaylink_ffi.so"
    said=$(PAYLINK_PACKAGES=$jni/packages PAYLINK_PROFILE=dev PAYLINK_GENERATED=true bindings/kotlin/pack "$jni" 2>"$jni/chatter") ||
        { cat "$jni/chatter"; return 1; }
    aar=$(sed -nE 's/^packed .* (.*\.aar)$/\1/p' <<<"$said")
    jar=$(sed -nE 's/^packed (.*\.jar) .*$/\1/p' <<<"$said")

    inside=$(jar --list --file "$aar")
    for entry in classes.jar AndroidManifest.xml R.txt proguard.txt jni/arm64-v8a/libpaylink_ffi.so; do
        grep -qxF "$entry" <<<"$inside" || { echo "the AAR has no $entry"; return 1; }
    done
    ! grep -q 'jni/x86_64' <<<"$inside" || { echo "the AAR has a library that nobody built"; return 1; }
    for abi in armeabi-v7a x86_64; do
        grep -q "missing: $abi" "$jni/chatter" || { echo "nobody said that $abi is missing"; return 1; }
    done

    (cd "$jni" && jar --extract --file "$aar" AndroidManifest.xml proguard.txt)
    grep -qF "android:minSdkVersion=\"$(pom android.api)\"" "$jni/AndroidManifest.xml" || { echo "the AAR is for another Android than pom.xml"; return 1; }
    cmp bindings/kotlin/src/main/resources/META-INF/proguard/paylink.pro "$jni/proguard.txt" || return 1

    inside=$(jar --list --file "$jar")
    for entry in com/paylink/Paylink.class com/paylink/core/Paylink.class META-INF/proguard/paylink.pro; do
        grep -qxF "$entry" <<<"$inside" || { echo "the JAR has no $entry"; return 1; }
    done
    grep -qE '^[a-z]+-[a-z0-9-]+/libpaylink_ffi\.(so|dylib)$' <<<"$inside" || { echo "the JAR has no library"; return 1; }
    mkdir -p "$jni/program"
    cp "${CARGO_TARGET_DIR:-target}"/maven/kotlin/test-classes/NewcomerKt*.class "$jni/program/"
    sells "the JAR by itself" "$jar:$(needed):$jni/program" "$jni/whole" || return 1
    shrunk "$jar" "$jni" || return 1
    sells "the JAR, shrunk by R8," "$jni/shrunk.jar" "$jni/less" || return 1
    echo "packages: the JAR and the AAR hold what they should, and the JAR sells, also shrunk"
)

# A property of the Kotlin module.
pom() { sed -nE "s,^ *<$1>(.*)</$1>,\1,p" bindings/kotlin/pom.xml; }

# What the JAR depends on, as a class path.
needed() {
    local maven=${XDG_CACHE_HOME:-$HOME/.cache}/paylink/maven path="" of
    for of in org/jetbrains/kotlin/kotlin-stdlib=kotlin org/jetbrains/kotlinx/kotlinx-coroutines-core-jvm=coroutines net/java/dev/jna/jna=jna; do
        path+=:$(echo "$maven/${of%=*}/$(pom "${of#*=}.version")"/*.jar)
    done
    # What the standard library itself depends on.
    echo "${path#:}:$(echo "$maven"/org/jetbrains/annotations/13.0/*.jar)"
}

# An app as R8 leaves it: the program, the JAR and what that depends on, and no rules but those inside of the JARs and the
# one that every app has, for its entry. An APK has the same classes in another format. shrunk JAR FOLDER
shrunk() {
    local r8=${XDG_CACHE_HOME:-$HOME/.cache}/paylink/maven/com/android/tools/r8/$R8_VERSION/r8-$R8_VERSION.jar jars
    [ -f "$r8" ] || bindings/kotlin/build --quiet org.apache.maven.plugins:maven-dependency-plugin:3.11.0:get \
        -Dartifact="com.android.tools:r8:$R8_VERSION" -Dtransitive=false || return 1
    IFS=: read -ra jars <<<"$1:$(needed)"
    jar --create --file "$2/program.jar" -C "$2/program" .
    echo '-keep class NewcomerKt { public static void main(java.lang.String[]); }' >"$2/program.pro"
    java -Xmx1g -cp "$r8" com.android.tools.r8.R8 --classfile --release --lib "$(java_home)" \
        --pg-conf "$2/program.pro" --output "$2/shrunk.jar" "$2/program.jar" "${jars[@]}" >"$2/errors" 2>&1 || { cat "$2/errors"; return 1; }
}

# Where the JDK is.
java_home() { java -XshowSettings:properties -version 2>&1 | sed -nE 's/^ *java\.home = //p'; }

# The first program of bindings/README.md, which Maven has compiled with the tests, on nothing but a class path. JNA
# unpacks the library that is inside. sells WHAT CLASSPATH FOLDER
sells() {
    local told printed
    field() { sed -nE "s/.*\"$1\":\"([^\"]*)\".*/\1/p" <<<"$told"; }
    mkdir -p "$3/unpacked"
    coproc SANDBOX { exec "${CARGO_TARGET_DIR:-target}/debug/paylink" --json sandbox --port 0 2>/dev/null; }
    # shellcheck disable=SC2153 # bash sets it
    local sandbox=$SANDBOX_PID
    read -r -u "${SANDBOX[0]}" told
    printed=$(env -u LD_LIBRARY_PATH java -Djna.tmpdir="$3/unpacked" -cp "$2" NewcomerKt \
        "$(field origin)" "$(field account)" "$(field client_id)" "$(field client_secret)" "$3/data" 2>"$3/errors") || true
    kill "$sandbox"
    wait "$sandbox" 2>/dev/null || true
    [[ $printed == "$(field origin)"/* ]] || { echo "$1 makes no link: $printed" && cat "$3/errors"; return 1; }
}

# Packs the libraries that bindings/phone-libs/build has made, and compares what is inside with them.
check_phone_packages() (
    local built=${CARGO_TARGET_DIR:-target}/phone/android work inside
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    PAYLINK_PACKAGES=$work/packages PAYLINK_PROFILE=dev bindings/kotlin/pack "$built" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
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
