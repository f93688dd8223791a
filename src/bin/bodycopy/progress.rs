//! The progress bar: bytes read of all bytes, rate, time left; and messages,
//! which stand above it.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::plan::Plan;
use crate::source::{BytesRead, STDIN};

/// Work that ends sooner than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(700);

/// A bar on standard error that shows itself when there is a lot to do.
pub struct Bar {
    bar: Option<ProgressBar>,
    read: BytesRead,
    started: Instant,
    hidden: bool,
}

impl Bar {
    /// A bar for a plan; none where nobody would see it or it would be in the way.
    pub fn new(plan: &Plan, read: BytesRead, shown: bool) -> Bar {
        let bar = shown.then(|| {
            let target = ProgressDrawTarget::hidden();
            let (bar, template) = match bytes(plan) {
                Some(total) => (
                    ProgressBar::with_draw_target(Some(total), target),
                    "{bar:30.green} {percent:>3}%  {decimal_bytes} of {decimal_total_bytes}  \
                     {decimal_bytes_per_sec}  {eta} left  {msg}",
                ),
                None => (
                    ProgressBar::with_draw_target(None, target),
                    "{spinner}  {decimal_bytes}  {decimal_bytes_per_sec}  {elapsed}  {msg}",
                ),
            };
            bar.with_style(ProgressStyle::with_template(template).expect("the templates are tested"))
        });
        Bar { bar, read, started: Instant::now(), hidden: true }
    }

    /// Shows how far the reading is.
    pub fn update(&mut self, pages: u64) {
        let Some(bar) = &self.bar else { return };
        if self.hidden && self.started.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            self.hidden = false;
        }
        bar.set_message(format!("{pages} pages"));
        bar.set_position(self.read.load(Ordering::Relaxed));
    }

    /// Says something on standard error, above the bar.
    pub fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) if !self.hidden => bar.suspend(|| say(message)),
            _ => say(message),
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Says something on standard error. Where that is a file on a full disk, the
/// work goes on, and the exit code tells.
pub fn say(message: &str) {
    let _ = writeln!(anstream::stderr(), "{message}");
}

/// The size of a plan's files; `None` where it cannot be known.
fn bytes(plan: &Plan) -> Option<u64> {
    let size = |path: &Path| match path.metadata() {
        _ if path.as_os_str() == STDIN => None,
        Ok(file) => file.is_file().then_some(file.len()),
        // It will be told when its turn comes.
        Err(_) => Some(0),
    };
    plan.found().map(|input| size(&input.path)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Input;
    use crate::source::Form;

    #[test]
    fn the_bar_has_a_length_where_it_can_be_known() {
        let plan = |path: &str| {
            let input = Input { path: path.into(), name: path.into(), form: Form::Page, output: None };
            Plan { inputs: vec![Ok(input)], ..Plan::default() }
        };
        let length = |path| Bar::new(&plan(path), BytesRead::default(), true).bar.and_then(|bar| bar.length());
        assert_eq!(length("Cargo.toml"), std::fs::metadata("Cargo.toml").ok().map(|file| file.len()));
        assert_eq!(length("-"), None);
    }
}
