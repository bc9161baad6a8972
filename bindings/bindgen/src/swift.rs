//! Writes the Swift side: `bindgen-swift --swift-sources --headers --modulemap LIBRARY FOLDER`.

fn main() {
    uniffi::uniffi_bindgen_swift();
}
