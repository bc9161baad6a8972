//! Credentials of this process: from the environment or a hidden prompt, never from a flag (other users of a machine
//! can read those), kept in memory only.

use crate::output::Failure;
use crate::printable::seen;
use inquire::{Password, PasswordDisplayMode, Text};
use paylink_core::account::{SecureStore, SecureStoreError};
use std::collections::HashMap;
use std::fmt;
use std::io::{IsTerminal, stdin};
use std::sync::{Mutex, PoisonError};

/// The variable of the client's id.
pub const ID: &str = "PAYLINK_CLIENT_ID";
/// The variable of its secret.
pub const SECRET: &str = "PAYLINK_CLIENT_SECRET";
/// The variable of an invitation's code.
const CODE: &str = "PAYLINK_INVITATION_CODE";

/// Who signs in.
#[derive(Clone)]
pub struct Credentials {
    /// The client's id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

impl Credentials {
    /// `None` when the environment has none and there is nobody to ask.
    ///
    /// # Errors
    /// When the person who was asked breaks off.
    pub fn from_environment_or_person(account: &str) -> Result<Option<Self>, Failure> {
        let (id, secret) = (variable(ID), variable(SECRET));
        if let (Some(id), Some(secret)) = (&id, &secret) {
            return Ok(Some(Self { id: id.clone(), secret: secret.clone() }));
        }
        if !stdin().is_terminal() {
            return Ok(None);
        }
        let id = match id {
            Some(id) => id,
            None => Text::new(&format!("Client id of {account}:")).with_help_message(ID).prompt()?,
        };
        let secret = match secret {
            Some(secret) => secret,
            None => Password::new("Client secret:")
                .with_display_mode(PasswordDisplayMode::Hidden)
                .without_confirmation()
                .with_help_message(SECRET)
                .prompt()?,
        };
        Ok(Some(Self { id, secret }))
    }
}

/// A variable of the environment that holds anything to see.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !seen(text).is_empty())
}

/// The code of an invitation, from the environment or a person; empty when there is nobody to ask.
///
/// # Errors
/// When the person who was asked breaks off.
pub fn invitation_code(account: &str) -> Result<String, Failure> {
    match variable(CODE) {
        Some(code) => Ok(code),
        None if stdin().is_terminal() => {
            let question = format!("Code of the invitation for {account}:");
            Ok(Password::new(&question)
                .with_display_mode(PasswordDisplayMode::Hidden)
                .without_confirmation()
                .with_help_message(CODE)
                .prompt()?)
        }
        None => Ok(String::new()),
    }
}

/// The secure store of a process that lives for one command.
pub struct Memory {
    given: Option<Credentials>,
    put: Mutex<HashMap<String, Option<String>>>,
}

impl Memory {
    /// A store that has these credentials, for whatever account is asked.
    #[must_use]
    pub fn new(given: Option<Credentials>) -> Self {
        Self { given, put: Mutex::default() }
    }
}

impl SecureStore for Memory {
    fn get(&self, key: &str) -> Result<Option<String>, SecureStoreError> {
        let put = self.put.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = put.get(key) {
            return Ok(value.clone());
        }
        // The core's keys are `ACCOUNT/client_id` and `ACCOUNT/client_secret`.
        let given = self.given.as_ref();
        Ok(match key.rsplit('/').next() {
            Some("client_id") => given.map(|given| given.id.clone()),
            Some("client_secret") => given.map(|given| given.secret.clone()),
            _ => None,
        })
    }

    fn put(&self, key: &str, value: &str) -> Result<(), SecureStoreError> {
        self.put.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), Some(value.to_owned()));
        Ok(())
    }

    fn remove(&self, key: &str) -> Result<(), SecureStoreError> {
        self.put.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), None);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_credentials_are_found_until_they_are_removed() {
        let store = Memory::new(Some(Credentials { id: "me".into(), secret: "pssst".into() }));
        assert_eq!(store.get("P12345678/client_secret").unwrap().as_deref(), Some("pssst"));
        store.remove("P12345678/client_secret").unwrap();
        assert_eq!(store.get("P12345678/client_secret").unwrap(), None);
        assert_eq!(store.get("P12345678/client_id").unwrap().as_deref(), Some("me"));
    }

    #[test]
    fn a_secret_does_not_show_in_debug() {
        let credentials = Credentials { id: "me".into(), secret: "pssst".into() };
        assert!(!format!("{credentials:?}").contains("pssst"));
    }
}
