//! What can go wrong with one input or output, and how it is told.

use std::fmt;
use std::io;

/// A failure of one input, line or output file; the rest goes on.
#[derive(Debug)]
pub struct Failure {
    /// The file, and the line or record where there is one.
    pub place: String,
    pub problem: Problem,
}

#[derive(Debug)]
pub enum Problem {
    Read(io::Error),
    Write(io::Error),
    /// Standard output cannot be written, so nothing more is done.
    Stdout(io::Error),
    /// Not UTF-8, at a byte of the file, or of the record where the place says so.
    NotUtf8 {
        at: u64,
        /// What it looks like, and what makes text of it.
        like: Option<(&'static str, &'static str)>,
    },
    Json(String),
    NotAnObject,
    NoField(String),
    NotAString(String),
    /// Half a surrogate pair in a JSON string.
    LoneSurrogate(String),
    /// An archive is malformed, at a byte of what is unpacked.
    Record {
        at: u64,
        why: &'static str,
    },
    /// What was asked for cannot be done with this input; says why.
    Refused(String),
}

impl Failure {
    pub fn new(place: impl Into<String>, problem: Problem) -> Failure {
        Failure { place: place.into(), problem }
    }

    /// Whether all further output would fail too: no room is left on the disk,
    /// or standard output is gone.
    pub fn is_final(&self) -> bool {
        match &self.problem {
            Problem::Write(error) => error.kind() == io::ErrorKind::StorageFull,
            Problem::Stdout(_) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        match &self.problem {
            Problem::Read(error) => write!(f, "cannot be read: {}", plain(error)),
            Problem::Write(error) | Problem::Stdout(error) => write!(f, "cannot be written: {}", plain(error)),
            Problem::NotUtf8 { at, like: Some((what, mend)) } => {
                write!(f, "not UTF-8 at byte {at}; it looks like {what}, so {mend}")
            }
            Problem::NotUtf8 { at, like: None } => {
                write!(f, "not UTF-8 at byte {at}; convert it first, or replace such bytes with --lossy")
            }
            Problem::Json(why) => write!(f, "not JSON: {why}"),
            Problem::NotAnObject => f.write_str("not a JSON object"),
            Problem::NoField(name) => write!(f, "no field {name:?}; --field names another one"),
            Problem::NotAString(name) => write!(f, "the field {name:?} is not a string"),
            Problem::LoneSurrogate(name) => {
                write!(f, "the field {name:?} has half a surrogate pair; --lossy replaces it")
            }
            Problem::Record { at, why } => write!(f, "byte {at}: {why}"),
            Problem::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failure {}

/// What the system says, without its number for it.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
