//! Corpora → samples: texts whose every line is marked body, clutter, a kind,
//! or not judged.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};

use bodycopy::Kind;
use flate2::read::GzDecoder;
use serde_json::Value;

/// The corpora that weights are learned from, and the one for measuring only.
pub const LEARNED: [&str; 4] = ["articles", "news", "chinese", "silver"];
pub const MEASURED: &str = "web";

/// What is known of a stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Body,
    /// Clutter or a part of the article other than its body.
    NotBody,
    Kind(Kind),
    /// Not judged.
    Unknown,
}

/// A text and what is known of its stretches, in order.
#[derive(Clone, Debug, Default)]
pub struct Marked {
    pub text: String,
    pub marks: Vec<(Range<usize>, Mark)>,
}

impl Marked {
    /// Adds a line of several parts, with a space between.
    pub fn push_parts(&mut self, parts: &[(&str, Mark)]) {
        for (i, (part, mark)) in parts.iter().enumerate() {
            if i > 0 {
                self.text.push(' ');
            }
            let start = self.text.len();
            self.text.push_str(part);
            self.marks.push((start..self.text.len(), *mark));
        }
        self.text.push('\n');
    }

    pub fn push(&mut self, line: &str, mark: Mark) {
        let start = self.text.len();
        self.text.push_str(line);
        if !line.trim().is_empty() {
            self.marks.push((start..self.text.len(), mark));
        }
        self.text.push('\n');
    }
}

/// Where labels by hand come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Labels {
    /// The labels that came with the corpora.
    Given,
    /// `labels/` of this repository.
    Own,
}

/// A page of a corpus.
pub struct Page {
    pub id: String,
    pub corpus: &'static str,
    pub site: String,
    pub language: String,
    /// The body; none where labels were voted.
    pub gold: Option<String>,
    /// Lines that are not judged: headline, then standfirst.
    pub ignore: Vec<String>,
    pub dumps: BTreeMap<String, Marked>,
    /// The `html_text` dump labelled by hand, kind by kind, and by whom.
    pub kinds: Option<Marked>,
    pub labels: Labels,
}

/// Reads the corpora in `names`, with the hand-labelled pages among them.
pub fn read(shared: &Path, names: &[&'static str]) -> io::Result<Vec<Page>> {
    let mut pages = Vec::new();
    for corpus in names {
        let path = shared.join(format!("corpus/{corpus}.jsonl.gz"));
        let file = File::open(&path).map_err(|e| io::Error::other(format!("{}: {e}", path.display())))?;
        for line in BufReader::new(GzDecoder::new(file)).lines() {
            let row: Value = serde_json::from_str(&line?)?;
            pages.push(page(corpus, &row));
        }
    }
    let labelled: HashMap<&str, &str> = LABELS.lines().filter_map(|line| line.split_once('\t')).collect();
    for page in &mut pages {
        page.kinds = match (labelled.get(page.id.as_str()), page.dumps.get("html_text")) {
            (Some(rows), Some(dump)) => {
                page.labels = Labels::Own;
                Some(label(&dump.text, rows.split(' '), ':').map_err(|row| bad(&page.id, row))?)
            }
            _ => kinds(&shared.join("kinds"), &page.id)?,
        };
        page.spread_kinds();
    }
    Ok(pages)
}

/// The kinds of pages that were labelled by hand for this project, line by line.
const LABELS: &str = include_str!("../../../labels/pages.txt");

impl Page {
    /// Tells the dumps what the hand-labelled lines are: the dump that was
    /// labelled line by line, the others where they have a line of the same
    /// words that is always of one kind.
    fn spread_kinds(&mut self) {
        let Some(kinds) = &self.kinds else { return };
        let mut of: HashMap<String, Option<Mark>> = HashMap::new();
        for (range, mark) in &kinds.marks {
            let known = of.entry(squeeze(&kinds.text[range.clone()])).or_insert(Some(*mark));
            *known = known.filter(|known| known == mark);
        }
        for (name, dump) in &mut self.dumps {
            if name == "html_text" && dump.text.trim_end() == kinds.text.trim_end() {
                *dump = kinds.clone();
                continue;
            }
            let text = &dump.text;
            for (range, mark) in &mut dump.marks {
                if let Some(Some(kind)) = of.get(&squeeze(&text[range.clone()])) {
                    *mark = *kind;
                }
            }
        }
    }
}

fn page(corpus: &'static str, row: &Value) -> Page {
    let string = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let ignore: Vec<String> = row["ignore"].as_array().map_or(Vec::new(), |lines| {
        lines.iter().filter_map(|line| line.as_str().map(squeeze)).filter(|line| !line.is_empty()).collect()
    });
    let dumps = row["dumps"].as_object().into_iter().flatten();
    let dumps = dumps.map(|(name, dump)| {
        let mut marked = Marked::default();
        let (text, body) = (dump["text"].as_str().unwrap_or_default(), dump["body"].as_str().unwrap_or_default());
        for (line, mark) in text.split('\n').zip(body.chars()) {
            let place = ignore.iter().position(|ignored| *ignored == squeeze(line));
            marked.push(
                line,
                match (mark, place) {
                    ('1', _) => Mark::Body,
                    ('0', _) => Mark::NotBody,
                    (_, Some(0)) => Mark::Kind(Kind::Headline),
                    (_, Some(_)) => Mark::Kind(Kind::Standfirst),
                    _ => Mark::Unknown,
                },
            );
        }
        (name.clone(), marked)
    });
    let (id, url) = (string("id"), string("url"));
    Page {
        site: site(&url, &id),
        corpus,
        language: string("lang"),
        gold: row["gold"].as_str().filter(|gold| !gold.is_empty()).map(str::to_owned),
        dumps: dumps.collect(),
        kinds: None,
        labels: Labels::Given,
        ignore,
        id,
    }
}

/// A line in lower case with single spaces, as `score.py` compares them.
pub fn squeeze(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The site of a page: the host's last two names, or three where the last two
/// are a country's registry ("co.uk").
fn site(url: &str, id: &str) -> String {
    let Some((_, rest)) = url.split_once("://") else {
        return url.split(['_', '/']).next().filter(|s| s.contains('.')).unwrap_or(id).to_owned();
    };
    let host = rest.split(['/', '?', ':']).next().unwrap_or(rest);
    let names: Vec<&str> = host.split('.').collect();
    let short = names.len() >= 3 && names[names.len() - 1].len() == 2 && names[names.len() - 2].len() <= 3;
    names[names.len().saturating_sub(if short { 3 } else { 2 })..].join(".")
}

/// Reads `ID.txt` and `ID.kinds` of a folder, if there are any.
pub fn kinds(folder: &Path, id: &str) -> io::Result<Option<Marked>> {
    let path = |ending: &str| -> PathBuf { folder.join(format!("{id}.{ending}")) };
    if !path("kinds").exists() {
        return Ok(None);
    }
    let (text, rows) = (std::fs::read_to_string(path("txt"))?, std::fs::read_to_string(path("kinds"))?);
    label(&text, rows.lines(), ' ').map(Some).map_err(|row| bad(&path("kinds").display().to_string(), row))
}

fn bad(of: &str, row: &str) -> io::Error {
    io::Error::other(format!("labels of {of}: bad row {row:?}"))
}

/// A text with the kinds that `rows` ("FIRST-LAST kind", lines from 1) give;
/// else the row that is none.
fn label<'a>(text: &str, rows: impl Iterator<Item = &'a str>, between: char) -> Result<Marked, &'a str> {
    let mut of: HashMap<usize, Mark> = HashMap::new();
    for row in rows {
        let (lines, kind) = row.split_once(between).ok_or(row)?;
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        let (first, last): (usize, usize) = (first.parse().map_err(|_| row)?, last.parse().map_err(|_| row)?);
        let kind: Kind = kind.trim().parse().map_err(|_| row)?;
        of.extend((first..=last).map(|line| (line, Mark::Kind(kind))));
    }
    let mut marked = Marked::default();
    for (number, line) in text.split('\n').enumerate() {
        marked.push(line, of.get(&(number + 1)).copied().unwrap_or(Mark::Unknown));
    }
    Ok(marked)
}
