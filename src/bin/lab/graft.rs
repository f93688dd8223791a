//! Clutter put into pages: what other pages give, and what the lexicons say.
//!
//! The corpora have few reader's threads and few teasers of other stories in
//! full sentences, and these are what a cleaner gets wrong first. They can be
//! made: a teaser is the title and the start of another page, a thread is a
//! rhythm of names, dates and sentences, a line of furniture is a phrase of
//! the language's lexicon. What is put in has a known kind.

use std::collections::HashMap;

use bodycopy::Kind;
use bodycopy::inside::lexicon::{Entry, FILES, Section, entries};

use crate::corpus::{Mark, Marked, Page};
use crate::random::Random;
use crate::shape::{is_body, lines};

/// What a page can give to others: its title and some of its paragraphs.
struct Donor {
    title: String,
    paragraphs: Vec<String>,
}

/// Pages to take from, by fold and language, and phrases by language and kind.
pub struct Stock {
    donors: HashMap<(usize, String), Vec<Donor>>,
    phrases: HashMap<(String, Kind), Vec<String>>,
    /// What bylines open with, by language.
    openings: HashMap<String, Vec<String>>,
}

impl Stock {
    pub fn new(pages: &[Page], fold: impl Fn(&str) -> usize) -> Stock {
        let mut donors: HashMap<(usize, String), Vec<Donor>> = HashMap::new();
        for page in pages {
            let Some(dump) = page.dumps.get("html_text") else { continue };
            let title = dump.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let title = title
                .split(" | ")
                .next()
                .and_then(|title| title.split(" - ").next())
                .unwrap_or(title)
                .trim()
                .to_owned();
            let body = dump.marks.iter().filter(|(range, mark)| is_body(*mark) && range.len() > 60);
            let paragraphs: Vec<String> =
                body.take(12).map(|(range, _)| dump.text[range.clone()].trim().to_owned()).collect();
            if !paragraphs.is_empty() && title.len() > 10 {
                donors.entry((fold(&page.site), page.language.clone())).or_default().push(Donor { title, paragraphs });
            }
        }
        let mut phrases: HashMap<(String, Kind), Vec<String>> = HashMap::new();
        let mut openings: HashMap<String, Vec<String>> = HashMap::new();
        for (language, file) in FILES {
            for (_, entry) in entries(file) {
                if let Entry::Phrase(Section::Byline, bodycopy::Anchor::Start, phrase) = entry {
                    openings.entry((*language).to_owned()).or_default().push(phrase.to_owned());
                }
                let (section, phrase) = match entry {
                    Entry::Phrase(section, bodycopy::Anchor::Whole, phrase) => (section, phrase.replace('#', "12")),
                    Entry::Example(section, true, example) => (section, example.to_owned()),
                    _ => continue,
                };
                if let Ok(kind) = section.name().parse::<Kind>() {
                    phrases.entry(((*language).to_owned(), kind)).or_default().push(phrase);
                }
            }
        }
        Stock { donors, phrases, openings }
    }

    fn phrase(&self, language: &str, kind: Kind, random: &mut Random) -> Option<String> {
        let own = self.phrases.get(&(language.to_owned(), kind));
        let phrases = own.or_else(|| self.phrases.get(&("en".to_owned(), kind)))?;
        let phrase = &phrases[random.below(phrases.len())];
        Some(match random.below(6) {
            0 => phrase.to_uppercase(),
            1 => format!("{phrase}:"),
            2 => capitalised(phrase),
            _ => phrase.clone(),
        })
    }
}

fn capitalised(phrase: &str) -> String {
    let mut chars = phrase.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// A page with teasers, threads and lines of furniture put into it.
pub fn grafted(page: &Page, dump: &Marked, fold: usize, stock: &Stock, random: &mut Random) -> Option<Marked> {
    let donors = stock.donors.get(&(fold, page.language.clone())).filter(|donors| donors.len() > 2)?;
    let lines = lines(dump);
    let body: Vec<usize> = (0..lines.len()).filter(|&i| lines[i].1.is_some_and(is_body)).collect();
    let (&first, &last) = (body.first()?, body.last()?);
    let inner: Vec<usize> = body.iter().copied().filter(|&at| at > first && at < last).collect();
    // What to put after which line.
    let mut grafts: Vec<(usize, Vec<(String, Mark)>)> = Vec::new();
    let maker = Maker { donors, stock, language: &page.language };
    if random.unit() < 0.5 && !inner.is_empty() {
        for _ in 0..1 + random.below(2) {
            let at = inner[random.below(inner.len())];
            let count = 1 + random.below(3);
            // Boxes inside a story seldom tell more than the title.
            grafts.push((at, maker.teasers(count, 0.02, random)));
        }
    }
    if random.unit() < 0.85 && !inner.is_empty() {
        for _ in 0..1 + random.below(6) {
            let at = inner[random.below(inner.len())];
            let lines = if random.unit() < 0.35 {
                let (aside, kind) = maker.aside(random);
                vec![(aside, Mark::Kind(kind))]
            } else {
                maker.furniture(random)
            };
            grafts.push((at, lines));
        }
    }
    if random.unit() < 0.6 {
        let count = 3 + random.below(12);
        grafts.push((last, maker.thread(count, random)));
    }
    if random.unit() < 0.4 {
        let count = 3 + random.below(10);
        grafts.push((
            if random.unit() < 0.7 { last } else { first.saturating_sub(1) },
            maker.teasers(count, 0.6, random),
        ));
    }
    if random.unit() < 0.5 {
        grafts.push((first.saturating_sub(1), maker.head(random)));
    }
    let mut out = Marked::default();
    for (at, (line, mark)) in lines.iter().enumerate() {
        match mark {
            Some(mark) if is_body(*mark) && line.len() > 90 && random.unit() < 0.18 => {
                let (aside, kind) = maker.aside(random);
                out.push_parts(&[(line, *mark), (&aside, Mark::Kind(kind))]);
            }
            _ => out.push(line, mark.unwrap_or(Mark::Unknown)),
        }
        for (_, graft) in grafts.iter().filter(|graft| graft.0 == at) {
            let spaced = random.unit() < 0.6;
            for (line, mark) in graft {
                if spaced {
                    out.push("", Mark::Unknown);
                }
                out.push(line, *mark);
            }
            out.push("", Mark::Unknown);
        }
    }
    Some(out)
}

/// One to four paragraphs of a page's story alone, at times with a sentence, a
/// line or a box of titles among them that points away.
pub fn excerpt(page: &Page, dump: &Marked, fold: usize, stock: &Stock, random: &mut Random) -> Option<Marked> {
    let donors = stock.donors.get(&(fold, page.language.clone())).filter(|donors| donors.len() > 2)?;
    let maker = Maker { donors, stock, language: &page.language };
    let lines = lines(dump);
    let is_paragraph = |line: &&(&str, Option<Mark>)| line.1.is_some_and(is_body) && line.0.len() > 80;
    let body: Vec<&str> = lines.iter().filter(is_paragraph).map(|line| line.0).collect();
    let count = 1 + random.below(4);
    let from = random.below(body.len().checked_sub(count)? + 1);
    let mut out = Marked::default();
    for (i, line) in body[from..from + count].iter().enumerate() {
        let (aside, kind) = maker.aside(random);
        match random.below(if count > 1 { 6 } else { 30 }) {
            0 => out.push_parts(&[(line, Mark::Body), (&aside, Mark::Kind(kind))]),
            1 if i + 1 < count => {
                out.push(line, Mark::Body);
                out.push(&aside, Mark::Kind(kind));
            }
            2 | 3 if i + 1 < count => {
                out.push(line, Mark::Body);
                let titles = maker.teasers(1 + random.below(2), 0.0, random);
                titles.iter().for_each(|(line, mark)| out.push(line, *mark));
            }
            _ => out.push(line, Mark::Body),
        }
    }
    Some(out)
}

struct Maker<'a> {
    donors: &'a [Donor],
    stock: &'a Stock,
    language: &'a str,
}

impl Maker<'_> {
    fn heading(&self, kind: Kind, random: &mut Random) -> Vec<(String, Mark)> {
        let phrase = self.stock.phrase(self.language, kind, random);
        phrase.filter(|_| random.unit() < 0.75).map(|phrase| (phrase, Mark::Kind(kind))).into_iter().collect()
    }

    /// Cards of other stories: title, and by turns date, start of the text, section.
    fn teasers(&self, count: usize, telling: f32, random: &mut Random) -> Vec<(String, Mark)> {
        let related = Mark::Kind(Kind::Related);
        let mut lines = self.heading(Kind::Related, random);
        let (dated, told, cut, section) =
            (random.unit() < 0.3, random.unit() < telling, random.unit() < 0.8, random.unit() < 0.25);
        for _ in 0..count {
            let donor = &self.donors[random.below(self.donors.len())];
            if section {
                let phrase = self.stock.phrase(self.language, Kind::Navigation, random);
                lines.extend(phrase.map(|phrase| (phrase, related)));
            }
            lines.push((donor.title.clone(), related));
            if told {
                let text = &donor.paragraphs[0];
                let end = if cut { 80 + random.below(120) } else { 100_000 };
                let mut short: String = text.chars().take(end).collect();
                if short.len() < text.len() {
                    short.push_str(["…", "...", " [...]", ""][random.below(4)]);
                }
                lines.push((short, related));
            }
            if dated {
                lines.push((date(random), related));
            }
        }
        lines
    }

    /// A sentence that points away from the story.
    fn aside(&self, random: &mut Random) -> (String, Kind) {
        let kind = [Kind::Related, Kind::Related, Kind::Subscription, Kind::Share, Kind::Advertisement, Kind::Caption]
            [random.below(6)];
        let phrase = self.stock.phrase(self.language, kind, random).unwrap_or_default();
        let title = &self.donors[random.below(self.donors.len())].title;
        let aside = match kind {
            Kind::Related => format!("{}: {title}", capitalised(phrase.trim_end_matches(':'))),
            Kind::Caption => format!("({})", capitalised(&phrase)),
            _ => format!("{}.", capitalised(phrase.trim_end_matches('.'))),
        };
        (aside, kind)
    }

    /// Who wrote it and when, as they stand above a story.
    fn head(&self, random: &mut Random) -> Vec<(String, Mark)> {
        let (first, last) = (capitalised(&word(random)), capitalised(&word(random)));
        let by = self.stock.openings.get(self.language).filter(|by| !by.is_empty());
        let byline = match by {
            Some(by) if random.unit() < 0.8 => format!("{} {first} {last}", capitalised(&by[random.below(by.len())])),
            _ => format!("{first} {last}"),
        };
        let mut lines = vec![(byline, Mark::Kind(Kind::Byline))];
        if random.unit() < 0.8 {
            lines.insert(random.below(2), (date(random), Mark::Kind(Kind::Timestamp)));
        }
        lines
    }

    /// A line or two of furniture.
    fn furniture(&self, random: &mut Random) -> Vec<(String, Mark)> {
        const KINDS: [Kind; 8] = [
            Kind::Subscription,
            Kind::Share,
            Kind::Advertisement,
            Kind::Widget,
            Kind::Related,
            Kind::Caption,
            Kind::Legal,
            Kind::AuthorBio,
        ];
        let kind = KINDS[random.below(KINDS.len())];
        let phrases = (0..1 + random.below(2)).filter_map(|_| self.stock.phrase(self.language, kind, random));
        phrases.collect::<Vec<_>>().into_iter().map(|phrase| (phrase, Mark::Kind(kind))).collect()
    }

    /// A reader's thread: by turns name, date, text, buttons.
    fn thread(&self, count: usize, random: &mut Random) -> Vec<(String, Mark)> {
        let comments = Mark::Kind(Kind::Comments);
        let mut lines = self.heading(Kind::Comments, random);
        let style = random.below(5);
        let buttons = random.unit() < 0.5;
        let button = self.stock.phrase(self.language, Kind::Comments, random).unwrap_or_else(|| "Reply".to_owned());
        for number in 1..=count {
            let (name, date) = (name(random), date(random));
            let head = match style {
                0 => vec![name, date],
                1 => vec![format!("{name} {date}")],
                2 => vec![format!("{number}. {name} - {date}")],
                3 => vec![format!("{name} says:"), date],
                _ => vec![name],
            };
            lines.extend(head.into_iter().map(|line| (line, comments)));
            for _ in 0..1 + random.below(2) {
                let donor = &self.donors[random.below(self.donors.len())];
                let text = &donor.paragraphs[random.below(donor.paragraphs.len())];
                let sentences: Vec<&str> = text.split_inclusive(['.', '!', '?', '。']).collect();
                let from = random.below(sentences.len());
                let to = (from + 1 + random.below(4)).min(sentences.len());
                lines.push((sentences[from..to].concat().trim().to_owned(), comments));
            }
            if buttons {
                lines.push((button.clone(), comments));
            }
            if style == 4 {
                lines.push((date_or_number(random), comments));
            }
        }
        lines
    }
}

const SYLLABLES: [&str; 24] = [
    "ka", "ri", "to", "ma", "len", "bo", "ster", "ni", "do", "wen", "hal", "ja", "ber", "mi", "sol", "ta", "rek", "vi",
    "an", "gor", "el", "fin", "lu", "pe",
];

fn word(random: &mut Random) -> String {
    (0..2 + random.below(2)).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect()
}

fn name(random: &mut Random) -> String {
    match random.below(4) {
        0 => format!("{}{}", word(random), random.below(2000)),
        1 => capitalised(&word(random)),
        2 => format!("{} {}.", capitalised(&word(random)), word(random)[..1].to_uppercase()),
        _ => format!("{} {}", capitalised(&word(random)), capitalised(&word(random))),
    }
}

fn date(random: &mut Random) -> String {
    const MONTHS: [&str; 12] =
        ["January", "Feb", "March", "Apr", "May", "June", "July", "Aug", "September", "Oct", "November", "December"];
    let (day, month, year) = (1 + random.below(28), random.below(12), 2005 + random.below(20));
    let (hour, minute) = (random.below(24), random.below(60));
    match random.below(6) {
        0 => format!("{} {day}, {year} at {}:{minute:02} pm", MONTHS[month], 1 + hour % 12),
        1 => format!("{day:02}.{:02}.{year}, {hour:02}:{minute:02}", month + 1),
        2 => format!("{} hours ago", 1 + hour),
        3 => format!("{year}-{:02}-{day:02} {hour:02}:{minute:02}", month + 1),
        4 => format!("{day} {} {year}", MONTHS[month]),
        _ => format!("{} {day}", MONTHS[month]),
    }
}

fn date_or_number(random: &mut Random) -> String {
    if random.unit() < 0.5 { date(random) } else { random.below(40).to_string() }
}
