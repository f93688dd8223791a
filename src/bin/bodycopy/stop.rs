//! Ctrl-C and other reasons to end early: a flag that work looks at.
//!
//! The first signal ends the work after the pages that are being cleaned, with
//! what is done on disk; the second one ends the process at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Why work ends before its end, as an exit code; 0 while it goes on.
#[derive(Clone, Default)]
pub struct Stop(Arc<AtomicUsize>);

/// The exit code that says that a signal ended the process.
fn code_of(signal: i32) -> usize {
    128 + signal.unsigned_abs() as usize
}

impl Stop {
    /// Listens for the signals that end a process.
    pub fn listen(&self) -> io::Result<()> {
        let second = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_shutdown(signal, code_of(signal) as i32, Arc::clone(&second))?;
            flag::register(signal, Arc::clone(&second))?;
            flag::register_usize(signal, Arc::clone(&self.0), code_of(signal))?;
        }
        Ok(())
    }

    /// Ends the work; the process's exit code will be `code`.
    pub fn now(&self, code: u8) {
        self.0.store(code.into(), Ordering::Relaxed);
    }

    /// The exit code, where the work is to end.
    pub fn code(&self) -> Option<u8> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            code => Some(u8::try_from(code).unwrap_or(u8::MAX)),
        }
    }
}
