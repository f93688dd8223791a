//! Names on the command line → inputs, each with the file it is written to.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

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
pub struct Plan {
    pub inputs: Vec<Result<Input, Failure>>,
    /// Inputs left out because their output is there.
    pub skipped: u64,
}

impl Plan {
    /// Finds the inputs, and gives every output a name that no input has.
    pub fn new(args: &Args) -> Plan {
        let mut finder = Finder { args, out_dir: None, found: Vec::new() };
        if let Some(dir) = &args.out_dir {
            finder.out_dir = fs::canonicalize(dir).ok();
        }
        if args.files.is_empty() {
            finder.add(PathBuf::from(STDIN), PathBuf::new());
        }
        for file in &args.files {
            finder.name(file);
        }
        let mut plan = Plan { inputs: finder.found, skipped: 0 };
        plan.protect(args);
        plan
    }

    /// Refuses outputs that are inputs, or that two inputs would share, and
    /// leaves out what is there already.
    fn protect(&mut self, args: &Args) {
        // Looked for where an output is there already: a new one is no input.
        let paths: Vec<PathBuf> = self.found().map(|input| input.path.clone()).collect();
        let inputs: LazyCell<HashSet<PathBuf>, _> =
            LazyCell::new(|| paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect());
        let mut taken: HashMap<PathBuf, String> = HashMap::new();
        let stdout = Handle::stdout().ok().filter(|out| out.as_file().metadata().is_ok_and(|out| out.is_file()));
        let handle = |path: &Path| if path.as_os_str() == STDIN { Handle::stdin() } else { Handle::from_path(path) };
        let is_stdout = |path: &Path| stdout.is_some() && handle(path).ok() == stdout;
        let mut skipped = 0;
        self.inputs.retain_mut(|found| {
            let Ok(Input { path, name, output, .. }) = found else { return true };
            let refused = |why| Err(Failure::new(name.clone(), Problem::Refused(why)));
            let Some(output) = output else {
                if is_stdout(path) {
                    *found = refused("not cleaned: it is standard output too; name another output".to_owned());
                }
                return true;
            };
            let exists = output.exists();
            if exists && fs::canonicalize(&*output).is_ok_and(|output| inputs.contains(&output)) {
                *found = refused(format!("not cleaned: {} is an input; name another --out-dir", output.display()));
            } else if let Some(other) = taken.insert(output.clone(), name.clone()) {
                let output = output.display();
                let why =
                    format!("not cleaned: {output} is the output of {other}; name their folder instead of the files");
                *found = refused(why);
            } else if exists && args.skip_existing {
                skipped += 1;
                return false;
            }
            true
        });
        self.skipped = skipped;
    }

    pub fn found(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter_map(|found| found.as_ref().ok())
    }

    /// Whether writing to `path` would write over an input.
    pub fn reads(&self, path: &Path) -> bool {
        fs::canonicalize(path)
            .is_ok_and(|path| self.found().any(|input| fs::canonicalize(&input.path).is_ok_and(|p| p == path)))
    }
}

struct Finder<'a> {
    args: &'a Args,
    out_dir: Option<PathBuf>,
    found: Vec<Result<Input, Failure>>,
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
                    if self.reads(Form::of(Packing::split(&name).1)) {
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
    fn reads(&self, form: Option<Form>) -> bool {
        match form {
            Some(Form::Page) => !self.args.jsonl,
            Some(Form::Lines | Form::Archive) => !self.args.json && !self.args.explain,
            None => false,
        }
    }

    fn add(&mut self, path: PathBuf, relative: PathBuf) {
        let is_stdin = path.as_os_str() == STDIN;
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
