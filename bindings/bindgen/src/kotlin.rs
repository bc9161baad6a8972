//! Writes the Kotlin side: `bindgen-kotlin generate LIBRARY --language kotlin --no-format --out-dir FOLDER`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
