# What android/apk makes for today's phones. Sourced by tests/run, in the root.
# shellcheck shell=bash

# In bytes: what an arm64 phone downloads.
APK_AT_MOST=6500000

# All that the app may ask for. Neither SMS nor contacts nor the camera is among it.
PERMISSIONS=(
    android.permission.ACCESS_NETWORK_STATE
    android.permission.INTERNET
    android.permission.POST_NOTIFICATIONS
    android.permission.RECEIVE_BOOT_COMPLETED
    com.paylink.app.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION
)

check_apk() (
    local apk said asked size
    apk=$(android/apk arm64-v8a) || return 1
    apksigner verify --min-sdk-version 26 "$apk" || { echo "the signature is not good"; return 1; }
    python3 android/scripts/align.py "$apk" || return 1

    said=$(target/maven/android/tools/prebuilt/linux/aapt2_64 dump badging "$apk") || return 1
    for line in "package: name='com.paylink.app'" "minSdkVersion:'26'" "targetSdkVersion:'36'" "native-code: 'arm64-v8a'"; do
        grep -qF "$line" <<<"$said" || { echo "the APK does not say $line" && echo "$said"; return 1; }
    done
    ! grep -q application-debuggable <<<"$said" || { echo "the APK can be debugged"; return 1; }
    asked=$(sed -nE "s/^uses-permission: name='([^']*)'.*/\1/p" <<<"$said" | sort)
    [ "$asked" = "$(printf '%s\n' "${PERMISSIONS[@]}" | sort)" ] || { echo "the APK asks for: $asked"; return 1; }

    for inside in libpaylink_ffi.so libjnidispatch.so; do
        unzip -l "$apk" | grep -q "lib/arm64-v8a/$inside" || { echo "the APK has no $inside"; return 1; }
    done
    # Shrunk, and what JNA finds by its name is still there by it.
    [ -s target/android/apk/mapping.txt ] || { echo "there is no mapping"; return 1; }
    grep -q '^com.paylink.core.Paylink -> com.paylink.core.Paylink:' target/android/apk/mapping.txt || { echo "the binding was renamed"; return 1; }
    grep -qE '^com\.paylink\.app\.sell\.SellModel -> [^ ]*[^l]:$' target/android/apk/mapping.txt || { echo "nothing was shrunk"; return 1; }

    size=$(stat -c %s "$apk")
    [ "$size" -le "$APK_AT_MOST" ] || { echo "the APK has $size bytes, more than $APK_AT_MOST"; return 1; }
    echo "apk: signed, for API level 26 to 36, $size bytes of at most $APK_AT_MOST, no permission but ${#PERMISSIONS[@]}"
)
