//! What can be wrong with a field: one list for every room that reads what a person types. The shells have the words.

use crate::code::codes;

codes! {
    /// What is wrong with a field. Codes and their parameters are listed in `core/CONTRACT.md`, section 2.
    pub enum ProblemCode {
        /// Must be filled in.
        Required = "required",
        /// No number.
        NotANumber = "not_a_number",
        /// A number that can be read in two ways, a factor of 1000 apart.
        Ambiguous = "ambiguous",
        /// Below zero.
        Negative = "negative",
        /// Zero.
        Zero = "zero",
        /// More decimals than `max`.
        TooManyDecimals = "too_many_decimals",
        /// More than `max`.
        TooLarge = "too_large",
        /// Marked with a currency other than `expected`.
        WrongCurrency = "wrong_currency",
        /// None of `allowed`.
        NotSupported = "not_supported",
        /// Longer than `max` characters.
        TooLong = "too_long",
        /// More than `max`.
        TooMany = "too_many",
        /// Not on one line.
        ControlCharacter = "control_character",
        /// Cannot stand beside `with`.
        Excludes = "excludes",
        /// A discount larger than its line.
        AboveLine = "above_line",
        /// A total of zero.
        NothingToPay = "nothing_to_pay",
        /// Warning: none of the rates of the day.
        Unusual = "unusual",
        /// A method that the profile lacks.
        NotOffered = "not_offered",
        /// Methods cannot be chosen before the profile was ever read.
        NoProfileYet = "no_profile_yet",
        /// Not of its form.
        Invalid = "invalid",
        /// Digits are missing.
        TooShort = "too_short",
        /// Warning: an SMS will most likely not arrive.
        Landline = "landline",
        /// Warning: no operator is known to have the number.
        UnknownRange = "unknown_range",
        /// Cannot be given together with `with`.
        CannotCombine = "cannot_combine",
        /// Another order of this database has the reference.
        AlreadyUsed = "already_used",
        /// Of a set-up: neither a set-up link nor an invitation.
        NotASetup = "not_a_setup",
        /// Of a set-up: a newer Paylink made it.
        NewerVersion = "newer_version",
        /// Of a set-up: given more than once.
        Repeated = "repeated",
        /// Of a set-up: credentials that anybody can read who sees the link.
        SecretInClear = "secret_in_clear",
        /// Warning, of a set-up: a field that this version does not know, and leaves out.
        UnknownField = "unknown_field",
        /// Of a set-up: for an account other than the one at hand.
        AnotherAccount = "another_account",
        /// Of a set-up: never changed for an account that exists.
        CannotChange = "cannot_change",
        /// Of an invitation: not as it was made.
        Altered = "altered",
        /// Of an invitation: its time is over, by the phone's clock.
        Expired = "expired",
        /// Of an invitation: not the code that it was sealed with.
        WrongCode = "wrong_code",
        /// The order with the `reference` can still be paid, or is paid: a second link for it would be one too many.
        NotOver = "not_over",
    }
}
