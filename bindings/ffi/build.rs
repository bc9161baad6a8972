//! Link arguments of the phones.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "android") {
        // Phones with memory pages of 16 KB load nothing that is aligned to less, and Play refuses it.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,max-page-size=16384");
        // Relocations in the short form, which Android has understood since API level 23: 150 kB less.
        println!("cargo::rustc-cdylib-link-arg=-Wl,--pack-dyn-relocs=android");
    }
}
