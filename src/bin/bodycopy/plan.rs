//! Names on the command line → inputs, each with the file it is written to.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf, absolute};

use glob::MatchOptions;
use same_file::Handle;
use walkdir::WalkDir;

use crate::args::Args;
use crate::failure::{Failure, Problem};
use crate::source::{Form, Packing, STDIN};

/// One input.
#[derive(Debug)]
pub struct Input {
    pub path: PathBuf,
    /// How messages call it.
    pub name: String,
    pub form: Form,
    /// The file it is written to; `None` for standard output.
    pub output: Option<PathBuf>,
}

/// What is to be done, in order; a name that cannot be used is an error in its
/// place.
#[derive(Default)]
pub struct Plan {
    pub inputs: Vec<Result<Input, Failure>>,
    /// Inputs left out because their output is there.
    pub skipped: u64,
    /// All files that are read, rules and inputs that were refused or left out among
    /// them; all that are written.
    pub read: Vec<PathBuf>,
    pub written: Vec<PathBuf>,
}

impl Plan {
    /// Finds the inputs, and gives every output a name that no input has.
    pub fn new(args: &Args) -> Plan {
        let mut finder = Finder { args, out_dir: None, found: Vec::new(), read: args.rules.clone() };
        if let Some(dir) = &args.out_dir {
            finder.out_dir = fs::canonicalize(dir).ok();
        }
        if args.files.is_empty() {
            finder.add(PathBuf::from(STDIN), PathBuf::new());
        }
        for file in &args.files {
            finder.name(file);
        }
        let mut plan = Plan { inputs: finder.found, skipped: 0, read: finder.read, written: Vec::new() };
        plan.protect(args);
        plan
    }

    /// Refuses outputs that are inputs, or that two inputs would share, and
    /// leaves out what is there already.
    fn protect(&mut self, args: &Args) {
        let Plan { inputs, skipped, read, written } = self;
        // Looked for where an output is there already: a new one is no input.
        let read: LazyCell<HashSet<PathBuf>, _> =
            LazyCell::new(|| read.iter().filter_map(|path| fs::canonicalize(path).ok()).collect());
        let mut taken: HashMap<PathBuf, (PathBuf, String)> = HashMap::new();
        let stdin = stdin_file(inputs.iter().flatten());
        let stdout = Handle::stdout().ok().filter(is_file);
        let handle = |path: &Path| if path.as_os_str() == STDIN { Handle::stdin() } else { Handle::from_path(path) };
        let is = |path: &Path, stream: &Option<Handle>| stream.is_some() && handle(path).ok() == *stream;
        inputs.retain_mut(|found| {
            let Ok(Input { path, name, output, .. }) = found else { return true };
            let refused = |why| Err(Failure::new(name.clone(), Problem::Refused(why)));
            let Some(output) = output else {
                if is(path, &stdout) {
                    *found = refused("not cleaned: it is standard output too; name another output".to_owned());
                }
                return true;
            };
            written.push(output.clone());
            // Where a link leads; pipes and devices may be shared.
            let there = if output.is_file() { fs::canonicalize(&*output).ok() } else { None };
            if there.as_ref().is_some_and(|there| read.contains(there) || is(there, &stdin)) {
                *found = refused(format!("not cleaned: {} is an input; name another --out-dir", output.display()));
                return true;
            }
            let exists = there.is_some() || output.exists();
            let place = there.unwrap_or_else(|| output.clone());
            if let Some((before, other)) = taken.insert(place, (path.clone(), name.clone())) {
                let same = fs::canonicalize(&*path).is_ok_and(|path| fs::canonicalize(before).is_ok_and(|p| p == path));
                let output = output.display();
                *found = refused(match same {
                    true => format!("not cleaned again: it is named twice, and {output} is its output"),
                    false => format!(
                        "not cleaned: {output} is the output of {other}; name the folder that has both, \
                         or clean them into two"
                    ),
                });
            } else if exists && args.skip_existing {
                *skipped += 1;
                return false;
            }
            true
        });
    }

    pub fn found(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter_map(|found| found.as_ref().ok())
    }

    /// Whether writing to `path` would write over what is read or written.
    pub fn uses(&self, path: &Path) -> bool {
        let stdin = stdin_file(self.found());
        let is_stdin = stdin.is_some() && Handle::from_path(path).ok() == stdin;
        let mut all = self.read.iter().chain(&self.written);
        is_stdin
            || match fs::canonicalize(path) {
                Ok(path) => all.any(|other| fs::canonicalize(other).is_ok_and(|other| other == path)),
                Err(_) => all.any(|other| absolute(other).ok() == absolute(path).ok()),
            }
    }
}

fn is_file(stream: &Handle) -> bool {
    stream.as_file().metadata().is_ok_and(|file| file.is_file())
}

/// The file that standard input comes from, where that is an input and a file.
fn stdin_file<'a>(mut inputs: impl Iterator<Item = &'a Input>) -> Option<Handle> {
    let is_input = inputs.any(|input| input.path.as_os_str() == STDIN);
    is_input.then(Handle::stdin)?.ok().filter(is_file)
}

struct Finder<'a> {
    args: &'a Args,
    out_dir: Option<PathBuf>,
    found: Vec<Result<Input, Failure>>,
    read: Vec<PathBuf>,
}

impl Finder<'_> {
    /// Adds what a name on the command line stands for.
    fn name(&mut self, name: &Path) {
        if name.as_os_str() == STDIN {
            self.add(name.to_owned(), PathBuf::new());
        } else if name.is_dir() {
            self.folder(name, Path::new(""));
        } else if !name.exists() && name.to_string_lossy().contains(['*', '?', '[']) {
            self.glob(name);
        } else {
            self.add(name.to_owned(), name.file_name().map(PathBuf::from).unwrap_or_default());
        }
    }

    fn glob(&mut self, pattern: &Path) {
        let name = pattern.display().to_string();
        let literal = |part: &Component| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']);
        let root: PathBuf = pattern.components().take_while(literal).collect();
        // As the shell does it: * is not for hidden files.
        let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
        let matches = match glob::glob_with(&name, options) {
            Ok(matches) => matches,
            Err(error) => return self.fail(name, Problem::Refused(format!("no pattern for files: {}", error.msg))),
        };
        let before = self.found.len();
        for path in matches {
            match path {
                Ok(path) => {
                    let relative = path.strip_prefix(&root).unwrap_or(&path).to_owned();
                    if path.is_dir() { self.folder(&path, &relative) } else { self.add(path, relative) }
                }
                Err(error) => self.fail(error.path().display().to_string(), Problem::Read(error.into())),
            }
        }
        if self.found.len() == before {
            self.fail(name, Problem::Read(io::Error::other("no such files")));
        }
    }

    /// Adds the files of a folder whose endings say that they have text, in
    /// the order of their names. Hidden ones and the output folder are left out.
    fn folder(&mut self, folder: &Path, relative: &Path) {
        let hidden = |name: &OsStr| name.as_encoded_bytes().starts_with(b".");
        let out_dir = self.out_dir.clone();
        let is_output = |path: &Path| out_dir.is_some() && fs::canonicalize(path).ok() == out_dir;
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
        let walk = walk.filter_entry(|entry| {
            let left_out = |dir: bool| hidden(entry.file_name()) || dir && is_output(entry.path());
            entry.depth() == 0 || !left_out(entry.file_type().is_dir())
        });
        let before = self.found.len();
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => {
                    let name = entry.file_name().to_string_lossy();
                    if self.wants(Form::of(Packing::split(&name).1)) {
                        let path = entry.path();
                        let relative = relative.join(path.strip_prefix(folder).unwrap_or(path));
                        self.add(path.to_owned(), relative);
                    }
                }
                Err(error) => {
                    let name = error.path().unwrap_or(folder).display().to_string();
                    let error = error.into_io_error().unwrap_or_else(|| io::Error::other("links in a circle"));
                    self.fail(name, Problem::Read(error));
                }
            }
        }
        if self.found.len() == before {
            let why = "no files there with an ending that fits (.txt, .text, .jsonl, .ndjson, .warc, .wet, \
                       also .gz and .zst); name others themselves";
            self.fail(folder.display().to_string(), Problem::Refused(why.to_owned()));
        }
    }

    /// Whether files of this form in a folder are meant.
    fn wants(&self, form: Option<Form>) -> bool {
        match form {
            Some(Form::Page) => !self.args.jsonl,
            Some(Form::Lines | Form::Archive) => !self.args.json && !self.args.explain,
            None => false,
        }
    }

    fn add(&mut self, path: PathBuf, relative: PathBuf) {
        let is_stdin = path.as_os_str() == STDIN;
        if !is_stdin {
            self.read.push(path.clone());
        }
        let name = if is_stdin { "standard input".to_owned() } else { path.display().to_string() };
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let form = match Form::of(Packing::split(&file).1).unwrap_or(Form::Page) {
            Form::Page if self.args.jsonl => Form::Lines,
            form => form,
        };
        if form != Form::Page && (self.args.json || self.args.explain) {
            let option = if self.args.json { "--json" } else { "--explain" };
            let why = format!("has many pages, and {option} is for files of one; clean it without {option}");
            return self.fail(name, Problem::Refused(why));
        }
        let relative = match (is_stdin, form) {
            (false, _) => relative,
            (true, Form::Lines) => PathBuf::from("stdin.jsonl"),
            (true, _) => PathBuf::from("stdin.txt"),
        };
        let output = self.args.out_dir.as_ref().map(|dir| dir.join(self.output(&relative, form)));
        self.found.push(Ok(Input { path, name, form, output }));
    }

    /// The output's place under the output folder.
    fn output(&self, relative: &Path, form: Form) -> PathBuf {
        let inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
        let file = relative.file_name().unwrap_or_default();
        let name = file.to_string_lossy();
        let (_, stem) = Packing::split(&name);
        let packed = &name[stem.len()..];
        let name = match form {
            Form::Archive => {
                let stem = without(without(stem, ".wet"), ".warc");
                format!("{stem}.jsonl{packed}").into()
            }
            Form::Page if self.args.json => {
                let stem = without(without(stem, ".text"), ".txt");
                format!("{stem}.json{packed}").into()
            }
            _ => file.to_owned(),
        };
        if inside { relative.with_file_name(name) } else { PathBuf::from(name) }
    }

    fn fail(&mut self, name: String, problem: Problem) {
        self.found.push(Err(Failure::new(name, problem)));
    }
}

fn without<'a>(name: &'a str, ending: &str) -> &'a str {
    let stem = name.len().saturating_sub(ending.len());
    let has = stem > 0 && name.get(stem..).is_some_and(|end| end.eq_ignore_ascii_case(ending));
    if has { &name[..stem] } else { name }
}
