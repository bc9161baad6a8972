//! The sealed part of an invitation, byte by byte. What it costs to open it without the code, and why it is made so:
//! ADR 8.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version, 1 |
//! | 4 | account: the highest bit is set for `P`, the others are the eight digits as a number |
//! | 4 | end, in seconds since 1970 |
//! | 16 | salt, random |
//! | … | sealed by ChaCha20-Poly1305, which ends with its tag of 16: client id and client secret, each behind its length in two bytes, then the fields of a set-up link without the account |
//! | 4 | the first of SHA-256 over all before |
//!
//! Numbers are big-endian. The key is PBKDF2-HMAC-SHA256 of code and salt; it seals one text, so the nonce is zero. Up to
//! the salt all is readable and authenticated with the rest. First byte and digest stay where they are in every version.
//!
//! The digest needs no code: it tells an invitation that was cut short or garbled on its way from a wrong code. Who alters
//! one on purpose can make a fitting digest, and is then told apart from a wrong code by nobody: both are `wrong_code`.

use super::base32;
use super::code::InvitationCode;
use crate::clock::PhoneTime;
use crate::problem::ProblemCode;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, pbkdf2};
use secrecy::{ExposeSecret, SecretString};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// The one version so far.
const VERSION: u8 = 1;
/// Rounds of PBKDF2: a seventh of a second on a desktop, a second on the slowest phone that is supported (ADR 8).
const ROUNDS: NonZeroU32 = NonZeroU32::new(600_000).unwrap();
const ACCOUNT: usize = 4;
const END: usize = 4;
const SALT: usize = 16;
/// What is readable without the code.
const HEAD: usize = 1 + ACCOUNT + END + SALT;
const DIGEST: usize = 4;
const KEY: usize = 32;
/// Set for an account that moves real money.
const LIVE: u32 = 1 << 31;
/// Eight digits.
const MAX_DIGITS: u32 = 99_999_999;

/// A sealed part that was read, and not opened yet.
pub(super) struct Sealed {
    head: [u8; HEAD],
    body: Vec<u8>,
}

/// What a sealed part holds.
pub(super) struct Content {
    pub(super) client_id: SecretString,
    pub(super) client_secret: SecretString,
    pub(super) fields: String,
}

impl Sealed {
    /// Seals; `None` where the system has no randomness to give, or something is longer than its length can say.
    pub(super) fn seal(account: &str, ends_at: PhoneTime, content: &Content, code: &InvitationCode) -> Option<String> {
        let mut head = [0; HEAD];
        let (version, rest) = head.split_first_mut()?;
        let (account_at, rest) = rest.split_at_mut_checked(ACCOUNT)?;
        let (end_at, salt) = rest.split_at_mut_checked(END)?;
        *version = VERSION;
        account_at.copy_from_slice(&number_of(account)?.to_be_bytes());
        end_at.copy_from_slice(&u32::try_from(ends_at.ms() / 1_000).ok()?.to_be_bytes());
        SystemRandom::new().fill(salt).ok()?;
        let secrets = [&content.client_id, &content.client_secret].map(|secret| secret.expose_secret());
        let length: usize = secrets.iter().map(|secret| 2 + secret.len()).sum();
        // At its full size from the beginning: a vector that grows leaves copies behind.
        let size = length + content.fields.len() + CHACHA20_POLY1305.tag_len();
        let mut body = Zeroizing::new(Vec::with_capacity(size));
        for secret in secrets {
            body.extend(u16::try_from(secret.len()).ok()?.to_be_bytes());
            body.extend(secret.as_bytes());
        }
        body.extend(content.fields.as_bytes());
        // In place: no copy in the clear is left behind.
        key(code, salt)?.seal_in_place_append_tag(nonce(), Aad::from(head), &mut *body).ok()?;
        let mut bytes = head.to_vec();
        bytes.extend(body.iter());
        let digest = digest_of(&bytes);
        bytes.extend(digest);
        Some(base32::encode(&bytes))
    }

    /// Reads what stands outside.
    ///
    /// # Errors
    /// `altered`, `newer_version`.
    pub(super) fn read(text: &str) -> Result<Self, ProblemCode> {
        let bytes = base32::decode(text).ok_or(ProblemCode::Altered)?;
        let (rest, digest) = bytes.split_last_chunk::<DIGEST>().ok_or(ProblemCode::Altered)?;
        if digest_of(rest) != *digest {
            return Err(ProblemCode::Altered);
        }
        match rest.split_first_chunk::<HEAD>() {
            Some((head, body)) if head[0] == VERSION => Ok(Self { head: *head, body: body.to_vec() }),
            _ if rest.first() == Some(&VERSION) => Err(ProblemCode::Altered),
            _ => Err(ProblemCode::NewerVersion),
        }
    }

    /// Whose it is.
    pub(super) fn account(&self) -> Option<String> {
        let number = u32::from_be_bytes(*self.head.get(1..)?.first_chunk()?);
        let digits = number & !LIVE;
        (digits <= MAX_DIGITS).then(|| format!("{}{digits:08}", if number & LIVE == 0 { 'T' } else { 'P' }))
    }

    /// When it ends.
    pub(super) fn ends_at(&self) -> PhoneTime {
        let seconds = self.head.get(1 + ACCOUNT..).and_then(|rest| rest.first_chunk()).copied().map(u32::from_be_bytes);
        PhoneTime::from_ms(i64::from(seconds.unwrap_or(0)) * 1_000)
    }

    /// Opens it; `None`: not with this code.
    pub(super) fn open(self, code: &InvitationCode) -> Option<Content> {
        let salt = self.head.last_chunk::<SALT>()?;
        let mut body = Zeroizing::new(self.body);
        let opened = key(code, salt)?.open_in_place(nonce(), Aad::from(self.head), &mut body).ok()?;
        let (client_id, rest) = secret(opened)?;
        let (client_secret, fields) = secret(rest)?;
        Some(Content { client_id, client_secret, fields: std::str::from_utf8(fields).ok()?.to_owned() })
    }
}

/// A text behind its length, and what follows.
fn secret(bytes: &[u8]) -> Option<(SecretString, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (text, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    // Allocated at its size, so that no copy is left behind.
    Some((SecretString::from(std::str::from_utf8(text).ok()?), rest))
}

fn number_of(account: &str) -> Option<u32> {
    let live = if account.starts_with('P') { LIVE } else { 0 };
    let digits: u32 = account.get(1..)?.parse().ok()?;
    (digits <= MAX_DIGITS).then_some(digits | live)
}

/// The slow step.
fn key(code: &InvitationCode, salt: &[u8]) -> Option<LessSafeKey> {
    let mut key = Zeroizing::new([0; KEY]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, salt, code.bytes(), key.as_mut_slice());
    UnboundKey::new(&CHACHA20_POLY1305, key.as_slice()).ok().map(LessSafeKey::new)
}

/// A key seals one text.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

fn digest_of(bytes: &[u8]) -> [u8; DIGEST] {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}
