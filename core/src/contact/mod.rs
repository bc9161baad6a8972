//! Laid in this issue.
