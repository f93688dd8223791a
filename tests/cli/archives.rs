//! Packed files, and Common Crawl's archives.

use serde_json::Value;

use crate::program::{Folder, PAGE, clean, gunzip, gzip};

/// A WARC record.
fn record(kind: &str, url: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-06T07:08:09Z\r\n\
         WARC-Identified-Content-Language: eng\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn records() -> [Vec<u8>; 4] {
    [
        record("warcinfo", "", b"Software-Info: none\r\n"),
        record("conversion", "https://lindow.example/bridge", PAGE.as_bytes()),
        record("request", "https://lindow.example/x", b"GET / HTTP/1.1\r\n\r\n"),
        record("conversion", "<https://lindow.example/share>", b"Share\nTweet\n"),
    ]
}

fn check(out: &str) {
    let pages: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[0]["url"], "https://lindow.example/bridge");
    assert_eq!(pages[0]["date"], "2024-05-06T07:08:09Z");
    assert_eq!(pages[0]["language"], "eng");
    assert_eq!(pages[0]["text"], clean());
    assert_eq!(pages[1]["url"], "https://lindow.example/share");
    assert_eq!(pages[1]["text"], "");
}

#[test]
fn an_archive_becomes_json_lines() {
    let folder = Folder::new();
    folder.write("plain.warc.wet", records().concat());
    folder.write("packed.warc.wet.gz", records().map(|record| gzip(&record)).concat());
    folder.write("old.warc.gz", gzip(&records().concat()));
    folder.write("new.wet.zst", zstd::encode_all(&records().concat()[..], 1).unwrap());
    for file in ["plain.warc.wet", "packed.warc.wet.gz", "old.warc.gz", "new.wet.zst"] {
        let ended = folder.run(&[file, "--quiet"]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{file}");
        check(&ended.out);
    }
    let ended = folder.run(&["plain.warc.wet", "--spans"]);
    let page: Value = serde_json::from_str(ended.out.lines().next().unwrap()).unwrap();
    assert_eq!(page["spans"].as_array().unwrap().len(), bodycopy::clean(PAGE).spans().len());
    assert!(ended.err.starts_with("2 pages in "), "{}", ended.err);

    folder.run(&["-q", "-o", "out", "packed.warc.wet.gz", "old.warc.gz", "plain.warc.wet"]).ok();
    assert_eq!(folder.files("out"), ["old.jsonl.gz", "packed.jsonl.gz", "plain.jsonl"]);
    check(&gunzip(&folder.bytes("out/packed.jsonl.gz")));
    check(&folder.read("out/plain.jsonl"));
}

#[test]
fn a_broken_archive_gives_what_can_be_read() {
    let [info, bridge, _, share] = records();
    let folder = Folder::new();
    folder.write("junk.wet", [&info[..], b"left over\r\nlines\r\n", &bridge, &share].concat());
    let ended = folder.run(&["-q", "junk.wet"]);
    check(&ended.out);
    assert_eq!(ended.code, Some(1));
    let at = info.len();
    assert_eq!(ended.err, format!("bodycopy: junk.wet: byte {at}: no record starts here; skipped to the next one\n"));

    let bad = record("conversion", "https://lindow.example/bad", b"Caf\xe9");
    folder.write("bad.wet", [&bad[..], &bridge, &share].concat());
    let ended = folder.run(&["-q", "bad.wet"]);
    check(&ended.out);
    assert!(ended.err.contains("bad.wet: record of https://lindow.example/bad: not UTF-8 at byte 3;"), "{ended:?}");

    folder.write("cut.wet", [&bridge[..], &share[..share.len() - 10]].concat());
    let ended = folder.run(&["-q", "cut.wet"]);
    assert_eq!((ended.code, ended.out.lines().count()), (Some(1), 1));
    assert!(ended.err.contains("cut.wet: cannot be read: ends inside a record"), "{ended:?}");

    for left in [3, 12, 60] {
        folder.write("head.wet", [&bridge[..], &share[..left]].concat());
        let ended = folder.run(&["-q", "head.wet", "-o", "out"]);
        assert!(ended.err.contains("head.wet: cannot be read: ends inside a record's head"), "{ended:?}");
        assert!(folder.files(".").iter().all(|file| !file.starts_with("out")), "{left}");
    }

    folder.write("html.warc", record("response", "https://lindow.example/", b"<html>"));
    assert!(folder.run(&["html.warc"]).err.contains("html.warc: no page's text in it"));
}

#[test]
fn files_are_unpacked_and_packed_by_their_ending() {
    let folder = Folder::new();
    folder.write("a.txt.gz", gzip(PAGE.as_bytes()));
    folder.write("b.txt.zst", zstd::encode_all(PAGE.as_bytes(), 1).unwrap());
    let object = |text: &str| format!("{}\n", serde_json::json!({ "text": text }));
    folder.write("c.jsonl.gz", gzip(object(PAGE).as_bytes()));
    let text = clean() + "\n";
    assert_eq!(folder.run(&["a.txt.gz"]).ok(), text);
    assert_eq!(folder.run(&["b.txt.zst"]).ok(), text);
    assert_eq!(folder.run(&["c.jsonl.gz"]).ok(), object(&clean()));

    folder.run(&["-q", "-o", "out", "a.txt.gz", "b.txt.zst", "c.jsonl.gz"]).ok();
    assert_eq!(gunzip(&folder.bytes("out/a.txt.gz")), text);
    assert_eq!(zstd::decode_all(&folder.bytes("out/b.txt.zst")[..]).unwrap(), text.as_bytes());
    assert_eq!(gunzip(&folder.bytes("out/c.jsonl.gz")), object(&clean()));

    folder.write("not.txt.gz", PAGE);
    let ended = folder.run(&["not.txt.gz"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    assert!(ended.err.starts_with("bodycopy: not.txt.gz: cannot be read: "), "{}", ended.err);
}
