//! Why the store failed.

use crate::error::{PaylinkError, StorageKind};
use rusqlite::ErrorCode;

/// What the store's calls give.
pub type StoreResult<T> = Result<T, StoreError>;

/// Why the store failed; becomes [`PaylinkError::Storage`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite's own.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// A stored value cannot be read back.
    #[error("stored {what} cannot be read: {reason}")]
    Decode {
        /// Which value.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// The file is of a newer version.
    #[error("the database has version {found}, this Paylink knows {known}")]
    Newer {
        /// The file's.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The file is not a database of ours.
    #[error("the file is not a Paylink database")]
    Foreign,
    /// A query found the file damaged: nothing more is read from it or written to it.
    #[error("the database is damaged; the next opening recovers what it can")]
    Damaged,
    /// The folder cannot be used.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The row has changed since it was read: nothing is written over it.
    #[error("the row has changed meanwhile")]
    Moved,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The work of a call panicked; nothing of it is saved.
    #[error("the work of a call panicked; the log says where")]
    Panicked,
    /// A rule of a call, decided inside its transaction.
    #[error(transparent)]
    Refused(Box<PaylinkError>),
}

impl StoreError {
    /// A stored value cannot be read back. `reason` never quotes it: an error goes to logs and to screens.
    pub(crate) fn decode(what: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Decode { what, reason: reason.to_string() }
    }

    /// As [`StoreError::decode`], for JSON: what serde says would quote the value.
    pub(crate) fn json(what: &'static str, error: &serde_json::Error) -> Self {
        let kind = match error.classify() {
            serde_json::error::Category::Io => "cannot be read",
            serde_json::error::Category::Syntax => "is no JSON",
            serde_json::error::Category::Data => "has another shape",
            serde_json::error::Category::Eof => "ends too early",
        };
        Self::decode(what, format_args!("{kind}, at line {} column {}", error.line(), error.column()))
    }

    /// Whether it says that the file is damaged. A full, failing or read-only disk is not that.
    pub(super) fn is_damage(&self) -> bool {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
        match self {
            Self::Decode { .. } => true,
            // A letter that is none, a type that no version wrote.
            Self::Sqlite(
                FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..),
            ) => true,
            error => error.is_broken(),
        }
    }

    /// Whether SQLite itself cannot find its way in the file any more.
    pub(super) fn is_broken(&self) -> bool {
        match self {
            Self::Sqlite(error) => {
                matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
            }
            _ => false,
        }
    }

    fn kind(&self) -> StorageKind {
        match self {
            Self::Newer { .. } => StorageKind::NewerVersion,
            Self::Foreign | Self::Damaged | Self::Decode { .. } => StorageKind::Corrupt,
            Self::Io(error) => match error.kind() {
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => StorageKind::ReadOnly,
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StorageKind::Full,
                _ => StorageKind::Io,
            },
            Self::Sqlite(_) if self.is_damage() => StorageKind::Corrupt,
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => StorageKind::Full,
                Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                    StorageKind::ReadOnly
                }
                _ => StorageKind::Io,
            },
            Self::Moved | Self::Closed | Self::Panicked | Self::Refused(_) => StorageKind::Io,
        }
    }
}

impl From<StoreError> for PaylinkError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(error) => *error,
            StoreError::Closed => Self::Suspended,
            StoreError::Panicked => Self::internal(error.to_string()),
            other => Self::Storage { kind: other.kind(), reason: other.to_string() },
        }
    }
}

impl From<PaylinkError> for StoreError {
    fn from(error: PaylinkError) -> Self {
        Self::Refused(Box::new(error))
    }
}
