//! Writes the lists of codes for Kotlin or Swift: `paylink-codes kotlin|swift`, to standard output.
//!
//! A list is a sealed type in Kotlin and an enum in Swift, each with one more case, for a code that only a newer core
//! knows: a `when` and a `switch` over it are exhaustive, and nothing fails whatever comes.

use paylink_ffi::record::{LISTS, List};
use std::process::ExitCode;

fn main() -> ExitCode {
    let written = match std::env::args().nth(1).as_deref() {
        Some("kotlin") => lists(KOTLIN, kotlin),
        Some("swift") => lists(SWIFT, swift),
        _ => {
            eprintln!("paylink-codes kotlin|swift");
            return ExitCode::FAILURE;
        }
    };
    print!("{written}");
    ExitCode::SUCCESS
}

fn lists(head: &str, one: fn(&List) -> String) -> String {
    LISTS.iter().fold(head.to_owned(), |written, list| format!("{written}\n{}", one(list)))
}

/// Each of a list on a line of its own.
fn each(list: &List, line: impl Fn(&str, &str) -> String) -> String {
    list.2.iter().map(|one| line(one.name, one.code)).collect()
}

const KOTLIN: &str = "// Written by paylink-codes from the core's lists.
package com.paylink.core

/** A code of `core/CONTRACT.md`: the key of an app's words. */
public interface Code {
    /** As the contract writes it. */
    public val code: String
}

/** A code that only a newer core knows: it has neutral words, and offers nothing. */
public interface UnrecognisedCode : Code

/** Whether this version knows it. */
public val Code.isRecognised: Boolean get() = this !is UnrecognisedCode
";

fn kotlin((name, about, codes): &List) -> String {
    let objects: String = codes
        .iter()
        .map(|one| {
            format!(
                "    /**{} */\n    public data object {} : {name} {{\n        override val code: String get() = \"{}\"\n    }}\n\n",
                one.about.concat(),
                one.name,
                one.code
            )
        })
        .collect();
    let list = &(*name, *about, *codes);
    format!(
        "/**{} */
public sealed interface {name} : Code {{
{objects}    /** One that only a newer core knows: neutral words, and nothing is offered. */
    @ConsistentCopyVisibility
    public data class Unrecognised internal constructor(override val code: String) : {name}, UnrecognisedCode

    public companion object {{
        /** Each that this version knows. */
        public val known: List<{name}>
            get() = listOf(
{}            )

        /** What a code names. */
        public fun of(code: String): {name} =
            when (code) {{
{}                else -> Unrecognised(code)
            }}
    }}
}}
",
        about.concat(),
        each(list, |variant, _| format!("                {variant},\n")),
        each(list, |variant, code| format!("                \"{code}\" -> {variant}\n")),
    )
}

const SWIFT: &str = "// Written by paylink-codes from the core's lists.

/// A code of `core/CONTRACT.md`: the key of an app's words.
public protocol Code: Hashable, Sendable, CaseIterable {
    /// What a code names.
    init(code: String)
    /// As the contract writes it.
    var code: String { get }
    /// Whether this version knows it. What it does not know has neutral words, and offers nothing.
    var isRecognised: Bool { get }
}
";

fn swift((name, about, codes): &List) -> String {
    let list = &(*name, *about, *codes);
    let comment =
        |lines: &[&str], indent: &str| -> String { lines.iter().map(|line| format!("{indent}///{line}\n")).collect() };
    let cases: String =
        codes.iter().map(|one| format!("{}    case {}\n", comment(one.about, "    "), case(one.name, true))).collect();
    format!(
        "{}public enum {name}: Code {{
{cases}    /// One that only a newer core knows: neutral words, and nothing is offered.
    case unrecognised(String)

    /// Each that this version knows.
    public static var allCases: [{name}] {{
        [
{}        ]
    }}

    public init(code: String) {{
        self =
            switch code {{
{}            default: .unrecognised(code)
            }}
    }}

    public var code: String {{
        switch self {{
{}        case .unrecognised(let code): code
        }}
    }}

    public var isRecognised: Bool {{
        if case .unrecognised = self {{ false }} else {{ true }}
    }}
}}
",
        comment(about, ""),
        each(list, |variant, _| format!("            .{},\n", case(variant, false))),
        each(list, |variant, code| format!("            case \"{code}\": .{}\n", case(variant, false))),
        each(list, |variant, code| format!("        case .{}: \"{code}\"\n", case(variant, false))),
    )
}

/// `NeedsAttention` as Swift writes it, `needsAttention`; where it is declared, a word of the language in quotes.
fn case(variant: &str, declared: bool) -> String {
    let mut letters = variant.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    let name: String = first.into_iter().chain(letters).collect();
    if declared && name == "internal" { format!("`{name}`") } else { name }
}
