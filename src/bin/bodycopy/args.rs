//! The command line's options, and its help.

use std::fmt::Write as _;
use std::path::PathBuf;

use bodycopy::{Favor, Kind};
use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, FromArgMatches, Parser};

use crate::rules::{Action, Rule};

const HEADING: Style = AnsiColor::Green.on_default().bold();
const LITERAL: Style = AnsiColor::Cyan.on_default().bold();
const STYLES: Styles = Styles::styled()
    .header(HEADING)
    .usage(HEADING)
    .literal(LITERAL)
    .placeholder(AnsiColor::Cyan.on_default())
    .error(AnsiColor::Red.on_default().bold());

/// Keeps the article's body and strips the rest from the text of news pages.
///
/// bodycopy reads plain text as scraped from a news page, with its menus, teasers, share buttons, comments and notices, and
/// prints the article's own text: nothing is reworded, reordered or reflowed. Without FILE, or where FILE is "-", it reads
/// standard input.
#[derive(Parser)]
#[command(name = "bodycopy", version, styles = STYLES, max_term_width = 100)]
pub struct Args {
    /// Files, folders or globs. Names that end in .gz or .zst are unpacked;
    /// .warc and .wet (Common Crawl), .jsonl and .ndjson are read record by
    /// record; anything else is one page. Of folders, files with these endings
    /// and with .txt and .text are read.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Read JSON Lines: one object a line, its "text" replaced by the clean text,
    /// all other fields as they were.
    #[arg(long, help_heading = "Input", conflicts_with_all = ["json", "explain"])]
    pub jsonl: bool,

    /// The field of JSON Lines that has the text.
    #[arg(long, value_name = "NAME", default_value = "text", help_heading = "Input")]
    pub field: String,

    /// Replace bytes that are not UTF-8 by U+FFFD instead of refusing the page.
    #[arg(long, help_heading = "Input")]
    pub lossy: bool,

    /// Kinds of blocks to keep, separated by commas; the legend is below.
    #[arg(long, value_name = "KINDS", value_delimiter = ',', default_value = "body", help_heading = "Cleaning",
          hide_default_value = true, value_parser = |name: &str| name.trim().parse::<Kind>())]
    pub keep: Vec<Kind>,

    /// Where there is doubt: lose less of the article, or keep less clutter.
    #[arg(long, value_name = "WHICH", default_value = "balanced", help_heading = "Cleaning", value_parser = favor())]
    pub favor: Favor,

    /// Blocks with this phrase are clutter; anywhere in the block, or with ^ before it
    /// at its start, with $ at its end, with = as the whole block. Repeatable.
    #[arg(long, value_name = "PHRASE", help_heading = "Cleaning", allow_hyphen_values = true,
          value_parser = |phrase: &str| Rule::new(Action::Drop, phrase))]
    pub drop: Vec<Rule>,

    /// Blocks with this phrase belong to the article; anchors as for --drop. Repeatable.
    #[arg(long, value_name = "PHRASE", help_heading = "Cleaning", allow_hyphen_values = true,
          value_parser = |phrase: &str| Rule::new(Action::Keep, phrase))]
    pub keep_phrase: Vec<Rule>,

    /// A file of such phrases, one a line: "drop ^ Sponsored by", "keep = Our view";
    /// lines that start with ; are comments. Repeatable.
    #[arg(long, value_name = "FILE", help_heading = "Cleaning")]
    pub rules: Vec<PathBuf>,

    /// Show every block with its kind, confidence and reasons.
    #[arg(long, help_heading = "Output", conflicts_with_all = ["json", "out_dir"])]
    pub explain: bool,

    /// Print one JSON object a page: text, parts, and spans with their reasons.
    #[arg(long, help_heading = "Output")]
    pub json: bool,

    /// Add "spans" to the objects of JSON Lines: start and end in bytes of the
    /// field's text, kind, confidence.
    #[arg(long, help_heading = "Output")]
    pub spans: bool,

    /// Write one file an input here, under its own name, packed by its ending.
    #[arg(short, long, value_name = "DIR", help_heading = "Output")]
    pub out_dir: Option<PathBuf>,

    /// Leave out inputs whose output file is there already.
    #[arg(long, requires = "out_dir", help_heading = "Output")]
    pub skip_existing: bool,

    /// Write the figures of the run to this file, as JSON.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub report: Option<PathBuf>,

    /// How many pages to clean at a time [default: one a core]; the output is the same.
    #[arg(short, long, value_name = "N", help_heading = "Output",
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// No progress bar, summary or notes; errors are still told.
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,

    /// List the kinds of blocks and what they mean.
    #[arg(long, exclusive = true)]
    pub kinds: bool,

    /// The rules of --drop and --keep-phrase, in the order given.
    #[arg(skip)]
    pub phrases: Vec<Rule>,
}

impl Args {
    /// Reads the command line; ends the process on --help, --version and
    /// usage errors.
    pub fn read() -> Args {
        let matches = Args::command().after_help(SHORT_HELP).after_long_help(long_help()).get_matches();
        let mut args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        let placed = |name| matches.indices_of(name).into_iter().flatten();
        let mut phrases: Vec<(usize, Rule)> = placed("drop").zip(std::mem::take(&mut args.drop)).collect();
        phrases.extend(placed("keep_phrase").zip(std::mem::take(&mut args.keep_phrase)));
        phrases.sort_by_key(|(at, _)| *at);
        args.phrases = phrases.into_iter().map(|(_, rule)| rule).collect();
        args
    }
}

fn favor() -> impl TypedValueParser<Value = Favor> {
    let values = [
        PossibleValue::new("recall").help("Lose less of the article"),
        PossibleValue::new("balanced").help("The best of both"),
        PossibleValue::new("precision").help("Keep less clutter"),
    ];
    PossibleValuesParser::new(values).map(|name| match name.as_str() {
        "recall" => Favor::Recall,
        "precision" => Favor::Precision,
        _ => Favor::Balanced,
    })
}

const SHORT_HELP: &str = "--help tells more, with examples; --kinds lists the kinds of blocks.";

const EXAMPLES: &[(&str, &str)] = &[
    ("bodycopy page.txt", "the article's body"),
    ("bodycopy --explain page.txt", "what went, what stayed, and why"),
    ("bodycopy --keep headline,body --json page.txt", "with the headline, as JSON"),
    ("bodycopy --jsonl < in.jsonl > out.jsonl", "a stream of pages"),
    ("bodycopy pages/ --out-dir clean/", "a folder, file by file"),
    ("bodycopy CC-MAIN-*.warc.wet.gz > pages.jsonl", "Common Crawl's text"),
    ("bodycopy --drop '^ Sponsored by' page.txt", "with a rule of your own"),
];

fn long_help() -> String {
    let mut help = format!("{HEADING}Examples:{HEADING:#}\n");
    for (command, yields) in EXAMPLES {
        let _ = writeln!(help, "  {LITERAL}{command:<46}{LITERAL:#} {yields}");
    }
    let _ = writeln!(help, "\n{HEADING}Kinds of blocks:{HEADING:#}\n{}", legend());
    let _ = write!(
        help,
        "{HEADING}Exit status:{HEADING:#}\n  0    all done\n  1    an input or output failed; the rest is done\n  \
         2    the command line is wrong\n  130  interrupted; 143 by SIGTERM"
    );
    help
}

/// The kinds and what they mean, one a line.
pub fn legend() -> String {
    let width = Kind::ALL.iter().map(|kind| kind.name().len()).max().unwrap_or(0);
    let mut legend = String::new();
    for (title, is_article) in [("of the article itself", true), ("of clutter", false)] {
        let _ = writeln!(legend, "  {title}");
        for kind in Kind::ALL.iter().filter(|kind| kind.is_article() == is_article) {
            let _ = writeln!(legend, "    {LITERAL}{:<width$}{LITERAL:#}  {}", kind.name(), kind.meaning());
        }
    }
    legend
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_fit_together() {
        Args::command().debug_assert();
    }
}
