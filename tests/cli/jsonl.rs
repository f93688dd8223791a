//! JSON Lines in, JSON Lines out.

use serde_json::{Value, json};

use crate::program::{Folder, PAGE, clean};

fn text(text: &str) -> String {
    json!(text).to_string()
}

#[test]
fn all_but_the_text_comes_through_byte_for_byte() {
    let page = text(PAGE);
    let line = |text: &str| {
        format!(
            "{{ \"z\": 12345678901234567890123456789, \"text\" :{text} , \"a\":1.50e+3,\"caf\\u00e9\":[ 1 ,{{\"text\":\"x\"}}],\"n\":null}}"
        )
    };
    let ended = Folder::new().feed(&["--jsonl"], format!("\u{feff}{}\r\n\n{}", line(&page), line("\"\"")));
    assert_eq!(ended.ok(), format!("{}\n{}\n", line(&text(&clean())), line("\"\"")));
}

#[test]
fn another_field_can_have_the_text() {
    let object = format!("{{\"text\":\"Share\",\"page\":{}}}\n", text(PAGE));
    let expected = format!("{{\"text\":\"Share\",\"page\":{}}}\n", text(&clean()));
    assert_eq!(Folder::new().feed(&["--jsonl", "--field", "page"], object).ok(), expected);
}

#[test]
fn spans_are_added_or_replaced() {
    let page = text(PAGE);
    let input = format!("{{\"text\":{page},\"id\":1}}\n{{\"spans\":[0],\"text\":{page}}}\n{{\"text\":\"\"}}\n");
    let out = Folder::new().feed(&["--jsonl", "--spans"], input).ok();
    let objects: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let cleaned = bodycopy::clean(PAGE);
    for object in &objects[..2] {
        let spans = object["spans"].as_array().unwrap();
        assert_eq!(spans.len(), cleaned.spans().len());
        for (json, span) in spans.iter().zip(cleaned.spans()) {
            assert_eq!((&json["start"], &json["end"]), (&json!(span.range().start), &json!(span.range().end)));
            assert_eq!(json["kind"], span.kind().name());
            assert!((json["confidence"].as_f64().unwrap() - f64::from(span.confidence())).abs() < 1e-3);
            assert_eq!(json.as_object().unwrap().len(), 4, "no reasons: {json}");
        }
    }
    assert!(out.lines().next().unwrap().contains(",\"id\":1,\"spans\":[{\"start\":0,"));
    assert!(out.lines().nth(1).unwrap().starts_with("{\"spans\":[{\"start\":0,"));
    assert_eq!(out.lines().nth(2), Some("{\"text\":\"\",\"spans\":[]}"));
}

#[test]
fn bad_lines_are_told_and_the_rest_is_done() {
    let page = text(PAGE);
    let mut input = format!("{{\"text\":{page}}}\n{{\"text\":\n\n[1]\n{{\"title\":1}}\n{{\"text\":7}}\n").into_bytes();
    let at = input.len() + 9;
    input.extend(b"{\"text\":\"\xff\"}\n{\"text\":\"\\ud800\"}\n");
    input.extend(format!("{{\"text\":{page}}}").bytes());
    let clean = text(&clean());

    let folder = Folder::new();
    let ended = folder.feed(&["--jsonl"], &input);
    assert_eq!(ended.code, Some(1));
    // Objects come through as they are; what is no object cannot.
    let kept = "{\"title\":1}\n{\"text\":7}\n";
    assert_eq!(ended.out, format!("{{\"text\":{clean}}}\n{kept}{{\"text\":\"\\ud800\"}}\n{{\"text\":{clean}}}\n"));
    let told: Vec<&str> = ended.err.lines().collect();
    let line = |n: usize, what: &str| format!("bodycopy: standard input: line {n}: {what}");
    assert!(told[0].starts_with(&line(2, "not JSON: EOF while parsing a value")), "{}", told[0]);
    assert_eq!(
        told[1..],
        [
            line(4, "not a JSON object"),
            line(5, "no field \"text\"; --field names another one"),
            line(6, "the field \"text\" is not a string"),
            line(7, &format!("not UTF-8 at byte {at}; convert it first, or replace such bytes with --lossy")),
            line(8, "the field \"text\" has half a surrogate pair; --lossy replaces it"),
        ]
    );

    let ended = folder.feed(&["--jsonl", "--lossy"], &input);
    assert_eq!((ended.code, ended.err.lines().count()), (Some(1), 4));
    assert_eq!(ended.out.lines().count(), 6);
}

/// Many objects of many sizes, in several batches, with some bad ones.
fn many() -> String {
    let paragraphs: Vec<&str> = PAGE.split_inclusive("\n\n").collect();
    let html = "<br>".repeat(1000);
    (0..400)
        .map(|n| match n % 80 {
            9 => format!("{{\"id\":{n}\n"),
            _ => {
                let page: String = (0..=n % 7).map(|k| paragraphs[(n + k * k) % paragraphs.len()]).collect();
                format!("{{\"id\":{n},\"html\":\"{html}\",\"text\":{}}}\n", text(&page))
            }
        })
        .collect()
}

#[test]
fn any_number_of_jobs_gives_the_same_bytes_in_order() {
    let folder = Folder::new();
    folder.write("in.jsonl", many());
    let one = folder.run(&["--jsonl", "--spans", "--jobs", "1", "in.jsonl"]);
    let ids: Vec<u64> =
        one.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..400).filter(|n| n % 80 != 9).collect::<Vec<_>>());
    assert_eq!(one.err.lines().count(), 5);
    for jobs in ["2", "5"] {
        let more = folder.run(&["--jsonl", "--spans", "--jobs", jobs, "in.jsonl"]);
        assert!(more.out == one.out && more.err == one.err && more.code == one.code, "{jobs} jobs");
    }
}

#[test]
fn a_slow_stream_is_not_kept_waiting() {
    use std::io::{BufRead, BufReader, Write};
    let folder = Folder::new();
    let mut child = folder.command(&["--jsonl"]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for n in 0..3 {
        writeln!(stdin, "{{\"n\":{n},\"text\":\"\"}}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{{\"n\":{n},\"text\":\"\"}}\n"));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
