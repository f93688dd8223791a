//! Pages of text: what is printed, in which form, and what is said of errors.

use bodycopy::{Anchor, Cleaner, Favor, Kind};
use serde_json::Value;

use crate::program::{Folder, PAGE, clean};

#[test]
fn a_file_or_standard_input_becomes_clean_text() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    let text = clean() + "\n";
    assert_eq!(folder.run(&["page.txt"]).ok(), text);
    assert_eq!(folder.feed(&[], PAGE).ok(), text);
    assert_eq!(folder.feed(&["-"], PAGE).ok(), text);
    assert_eq!(folder.feed(&[], "").out, "");
}

#[test]
fn several_files_follow_each_other_under_their_names() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    folder.write("b.txt", PAGE);
    let text = clean();
    let expected = format!("==> a.txt <==\n{text}\n\n==> b.txt <==\n{text}\n");
    assert_eq!(folder.run(&["a.txt", "b.txt"]).ok(), expected);

    let ended = folder.run(&["a.txt", "missing.txt", "b.txt"]);
    assert_eq!((ended.code, ended.out), (Some(1), expected));
    assert_eq!(ended.err, "bodycopy: missing.txt: cannot be read: No such file or directory\n");
}

/// Pages of some megabytes take another way to standard output.
#[test]
fn large_pages_are_printed_like_others() {
    let folder = Folder::new();
    folder.write("large.txt", PAGE.to_owned() + &" \n".repeat(3 << 20));
    folder.write("list.txt", "Share\nTweet\n".repeat(400_000));
    folder.write("small.txt", PAGE);
    let text = clean();
    let expected = format!("==> large.txt <==\n{text}\n\n==> list.txt <==\n\n==> small.txt <==\n{text}\n");
    let ended = folder.run(&["large.txt", "list.txt", "small.txt"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), "bodycopy: list.txt: no article found\n"));
    assert_eq!(ended.out, expected);
    assert_eq!(folder.run(&["large.txt", "--jobs", "2"]).ok(), text + "\n");
}

#[test]
fn a_page_without_an_article_is_said_to_be_so() {
    let ended = Folder::new().feed(&[], "Share\nTweet\n");
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""));
    assert_eq!(ended.err, "bodycopy: standard input: no article found\n");
}

#[test]
fn options_reach_the_cleaner() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    let text = |cleaner: Cleaner| cleaner.clean(PAGE).text() + "\n";
    let kinds = Cleaner::new().keep([Kind::Body, Kind::Navigation]);
    assert_ne!(text(kinds.clone()), text(Cleaner::new()));
    assert_eq!(folder.run(&["--keep", "body,navigation", "page.txt"]).ok(), text(kinds));
    for (name, favor) in [("recall", Favor::Recall), ("balanced", Favor::Balanced), ("precision", Favor::Precision)] {
        assert_eq!(folder.run(&["--favor", name, "page.txt"]).ok(), text(Cleaner::new().favor(favor)), "{name}");
    }
}

#[test]
fn rules_count_in_the_order_of_files_then_options() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    folder.write("rules.txt", "; ours\n\nkeep = Share\ndrop ^ Harbour bridge\n");
    let in_body = |is: bool, sure: f64| if is { sure } else { 1.0 - sure };
    let sure = |args: &[&str]| -> Vec<f64> {
        let page: Value = serde_json::from_str(&folder.run(&[args, &["--json", "page.txt"]].concat()).ok()).unwrap();
        let spans = page["spans"].as_array().unwrap().iter();
        spans.map(|span| in_body(span["kind"] == "body", span["confidence"].as_f64().unwrap())).collect()
    };
    let library = |cleaner: Cleaner| -> Vec<f64> {
        let cleaned = cleaner.clean(PAGE);
        cleaned.spans().map(|span| in_body(span.kind() == Kind::Body, f64::from(span.confidence()))).collect()
    };
    let near = |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-3);
    let of_file = Cleaner::new().keep_phrase("Share", Anchor::Whole).drop("Harbour bridge", Anchor::Start);
    let of_both = of_file.clone().keep_phrase("Harbour", Anchor::Anywhere).drop("the bay", Anchor::Anywhere);
    assert!(!near(&sure(&["--rules", "rules.txt"]), &sure(&[])), "rules have to count for something");
    assert!(near(&sure(&["--rules", "rules.txt"]), &library(of_file)));
    let both = ["--keep-phrase", "Harbour", "--drop", "the bay", "--rules", "rules.txt"];
    assert!(near(&sure(&both), &library(of_both)));
    let reversed = ["--drop", "Harbour", "--keep-phrase", "^Harbour"];
    assert!(!near(&sure(&reversed), &sure(&["--keep-phrase", "^Harbour", "--drop", "Harbour"])));
}

#[test]
fn explain_has_a_row_a_block_in_columns() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    let wide = folder.command(&["--explain", "page.txt"]).env("COLUMNS", "140").output().unwrap();
    let wide = String::from_utf8(wide.stdout).unwrap();
    let cleaned = bodycopy::clean(PAGE);
    let rows: Vec<&str> = wide.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(rows.len(), cleaned.spans().len());
    for (row, span) in rows.iter().zip(cleaned.spans()) {
        assert_eq!(&row[..2], if span.is_kept() { "+ " } else { "- " });
        assert_eq!(row[2..16].trim_end(), span.kind().name());
        assert_eq!(row[16..20].trim_start(), format!("{:.0}%", 100.0 * span.confidence()));
        let start: String = span.text().chars().take(20).collect();
        assert!(row[22..].starts_with(&start), "{row}");
        // What does not fit the column ends in an ellipsis.
        let reason: String = span.reasons().first().map_or_else(String::new, |r| r.text.chars().take(45).collect());
        assert!(row.contains(&reason), "{row}: {reason}");
        assert!(row.chars().count() <= 140, "{row}");
    }
    let last = wide.lines().last().unwrap();
    let kept = cleaned.spans().filter(|span| span.is_kept()).count();
    assert!(last.starts_with(&format!("kept {kept} of {} blocks, ", rows.len())), "{last}");

    let narrow = folder.command(&["--explain", "page.txt"]).env("COLUMNS", "80").output().unwrap();
    let narrow = String::from_utf8(narrow.stdout).unwrap();
    assert!(narrow.lines().all(|line| line.chars().count() <= 80), "{narrow}");
    assert!(narrow.lines().nth(1).unwrap().trim_start().starts_with("└ "), "{narrow}");
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    let coloured = |vars: &[(&str, &str)]| {
        let output = folder.command(&["--explain", "page.txt"]).envs(vars.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[]), "a pipe");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}

#[test]
fn a_page_cannot_steer_the_terminal() {
    let ended = Folder::new().feed(&["--explain"], "\u{1b}[2J\u{1b}]0;title\u{7}Buy\u{202e} now\n");
    assert!(ended.out.contains("[2J]0;titleBuy now"), "{ended:?}");
    assert!(!ended.out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{ended:?}");
}

#[test]
fn json_has_text_parts_and_spans_with_reasons() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    let page: Value = serde_json::from_str(&folder.run(&["--json", "page.txt"]).ok()).unwrap();
    let cleaned = bodycopy::clean(PAGE);
    assert_eq!(page["file"], "page.txt");
    assert_eq!(page["text"], cleaned.text());
    assert_eq!(page["has_body"], true);
    assert_eq!(page["headline"].as_str(), cleaned.headline());
    assert_eq!(page["standfirst"].as_str(), cleaned.standfirst());
    assert_eq!(page["byline"].as_str(), cleaned.byline());
    assert_eq!(page["timestamp"].as_str(), cleaned.timestamp());
    assert_eq!(page["caption"].as_str(), cleaned.caption());
    let spans = page["spans"].as_array().unwrap();
    assert_eq!(spans.len(), cleaned.spans().len());
    let mut end = 0;
    for (json, span) in spans.iter().zip(cleaned.spans()) {
        assert_eq!(json["start"], end);
        end = json["end"].as_u64().unwrap();
        assert_eq!(json["kind"], span.kind().name());
        assert!((json["confidence"].as_f64().unwrap() - f64::from(span.confidence())).abs() < 1e-3);
        let reasons: Vec<&str> =
            json["reasons"].as_array().unwrap().iter().filter_map(|r| r["text"].as_str()).collect();
        assert_eq!(reasons, span.reasons().iter().map(|reason| reason.text.as_str()).collect::<Vec<_>>());
    }
    assert_eq!(end, PAGE.len() as u64);

    folder.write("other.txt", "Share\n");
    let lines = folder.run(&["--json", "page.txt", "other.txt"]).ok();
    let files: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["file"].clone()).collect();
    assert_eq!(files, ["page.txt", "other.txt"]);
}

#[test]
fn text_that_is_not_utf8_is_told_with_its_place() {
    let folder = Folder::new();
    folder.write("page.txt", [b"Caf\xe9 closed\n", PAGE.as_bytes()].concat());
    let ended = folder.run(&["page.txt"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    assert_eq!(
        ended.err,
        "bodycopy: page.txt: not UTF-8 at byte 3; convert it first, or replace such bytes with --lossy\n"
    );
    let text = Cleaner::new().keep(Kind::ALL.iter().copied()).clean(&format!("Caf\u{fffd} closed\n{PAGE}")).text();
    let all = Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(",");
    assert_eq!(folder.run(&["--lossy", "--keep", &all, "page.txt"]).ok(), text + "\n");

    folder.write("wide.txt", b"\xff\xfeH\0i\0");
    assert!(folder.run(&["wide.txt"]).err.contains("not UTF-8 at byte 0; it looks like UTF-16"));
    folder.write("unmarked.txt", "Home".bytes().flat_map(|byte| [byte, 0]).collect::<Vec<u8>>());
    assert!(
        folder.run(&["unmarked.txt"]).err.contains("it looks like UTF-16, so convert it first (iconv -f UTF-16LE)")
    );
    assert!(folder.feed(&[], crate::program::gzip(b"Home")).err.contains("it looks like gzip, so unpack it first"));
}

#[test]
fn html_is_cleaned_and_told() {
    let folder = Folder::new();
    folder.write("page.html", format!("<!DOCTYPE html>\n<html><body>\n{PAGE}"));
    let told = "bodycopy: 1 page is HTML, cleaned as if it were text; take the text out of HTML first\n";
    for options in [&[][..], &["--json"], &["--explain"]] {
        let ended = folder.run(&[options, &["page.html"]].concat());
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), told), "{options:?}");
        assert!(!ended.out.is_empty());
    }
    assert_eq!(folder.run(&["--quiet", "page.html"]).err, "");
}

#[test]
fn wrong_usage_exits_with_2() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    folder.write("rules.txt", "drop = Share\n\nremove Tweet\n");
    let cases: &[(&[&str], &str)] = &[
        (&["--nonsense"], "unexpected argument '--nonsense'"),
        (&["--keep", "boddy", "page.txt"], "unknown kind \"boddy\"; the kinds are: body, headline"),
        (&["--favor", "speed"], "[possible values: recall, balanced, precision]"),
        (&["--jsonl", "--json"], "cannot be used with"),
        (&["--explain", "--out-dir", "out"], "cannot be used with"),
        (&["--skip-existing", "page.txt"], "--out-dir"),
        (&["--spans", "page.txt"], "--spans adds to JSON Lines; for pages of text, --json has them"),
        (&["--jobs", "0"], "0 is not in 1..=1024"),
        (&["--drop", "= …", "page.txt"], "a rule needs a phrase with a letter or digit in it"),
        (&["--rules", "missing", "page.txt"], "missing: No such file or directory"),
        (
            &["--rules", "rules.txt", "page.txt"],
            "rules.txt: line 3: a rule starts with `drop` or `keep`, not with \"remove\"",
        ),
        (&["--report", "page.txt", "page.txt"], "--report would be written over page.txt, which is read or written"),
        (&["--jsonl", "--spans", "--field", "spans"], "--spans adds the field \"spans\""),
    ];
    for (args, message) in cases {
        let ended = folder.run(args);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{args:?}");
        assert!(ended.err.contains(message), "{args:?}: {}", ended.err);
    }
    assert_eq!(folder.read("page.txt"), PAGE);
}

#[test]
fn help_and_kinds_tell_every_kind() {
    let folder = Folder::new();
    let (help, kinds) = (folder.run(&["--help"]).ok(), folder.run(&["--kinds"]).ok());
    for kind in Kind::ALL {
        let row = |text: &str| text.lines().any(|l| l.contains(kind.name()) && l.ends_with(kind.meaning()));
        assert!(row(&help) && row(&kinds), "{kind}");
    }
    for heading in ["Usage:", "Input:", "Cleaning:", "Output:", "Examples:", "Exit status:"] {
        assert!(help.lines().any(|line| line.starts_with(heading)), "{heading}");
    }
    assert!(!help.contains('\u{1b}'));
    assert_eq!(folder.run(&["--version"]).ok(), format!("bodycopy {}\n", env!("CARGO_PKG_VERSION")));
}
