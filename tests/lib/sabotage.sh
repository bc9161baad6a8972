# The proofs are proven: with a guarantee taken away (core/src/sabotage.rs) they must fail, and with none taken away the
# same build must pass. Sourced by tests/run.
# shellcheck shell=bash

# Which test notices which sabotage, and the words of its failure.
SABOTAGES=(
    "no-look-up model seed [0-9]+:"
    "sending-not-saved model seed [0-9]+:"
    "reference-remade model seed [0-9]+:"
    "not-synced store_power_cut cut [0-9]+ of [0-9]+, left"
)

# Enough histories for a defect of this size: some hundreds were needed when it was measured.
SABOTAGE_HISTORIES=2000

check_sabotage() {
    local sabotage name target words failed=0 noticed=0
    local built=$TARGET/sabotaged.json
    RUSTC_WORKSPACE_WRAPPER=$ROOT/tests/lib/sabotaged cargo test --locked --workspace --no-run --message-format json \
        --test model --test store_power_cut >"$built"
    for sabotage in "none model" "none store_power_cut"; do
        read -r name target <<<"$sabotage"
        if PAYLINK_HISTORIES=100 run_sabotaged "$target"; then
            echo "ok      with nothing taken away $target passes"
        else
            echo "BROKEN  with nothing taken away $target fails:"
            tail -n 20 "$LOGS/sabotaged.out"
            failed=1
        fi
    done
    for sabotage in "${SABOTAGES[@]}"; do
        read -r name target words <<<"$sabotage"
        if PAYLINK_SABOTAGE=$name PAYLINK_HISTORIES=$SABOTAGE_HISTORIES run_sabotaged "$target"; then
            echo "BROKEN  $name: $target does not notice"
            failed=1
        elif ! grep -qE -m 1 "$words" "$LOGS/sabotaged.out"; then
            echo "BROKEN  $name: $target fails for another reason:"
            tail -n 20 "$LOGS/sabotaged.out"
            failed=1
        else
            echo "ok      $name: $target fails: $(grep -oE -m 1 "$words.*" "$LOGS/sabotaged.out" | cut -c 1-120)"
            noticed=$((noticed + 1))
        fi
    done
    no_release_carries_it || failed=1
    echo
    echo "sabotages: ${#SABOTAGES[@]}, noticed $noticed"
    return "$failed"
}

run_sabotaged() {
    "$(sabotaged "$1")" --nocapture >"$LOGS/sabotaged.out" 2>&1
}

# The path of a test built with the sabotages: cargo names each in a line of JSON.
sabotaged() {
    sed -nE "s/.*\"name\":\"$1\".*\"executable\":\"([^\"]+)\".*/\1/p" "$TARGET/sabotaged.json"
}

# The name of the variable is in the build that has the sabotages, and in no other.
no_release_carries_it() {
    local plain=$TARGET/debug/paylink
    cargo build --locked --package paylink-cli
    if grep -q PAYLINK_SABOTAGE "$plain" || ! grep -q PAYLINK_SABOTAGE "$(sabotaged model)"; then
        echo "BROKEN  a usual build carries the sabotages, or the one for them does not"
        return 1
    fi
    echo "ok      a usual build carries no sabotage"
}
