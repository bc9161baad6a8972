# What bindings/kotlin/pack packs. Sourced by tests/run, which is where it runs from.
# shellcheck shell=bash

# Packs with one made-up library of a phone, and looks into both packages.
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
    echo "packages: the JAR and the AAR hold what they should"
)
