//! Many files at once.

use serde_json::Value;

use crate::program::{Folder, PAGE, clean};

#[test]
fn a_folder_keeps_its_shape() {
    let folder = Folder::new();
    for file in ["in/b/2.txt", "in/b/1.txt", "in/a.txt", "in/.hidden.txt", "in/.git/x.txt", "in/picture.png"] {
        folder.write(file, PAGE);
    }
    folder.write("in/pages.jsonl", "{\"text\":\"\"}\n");
    folder.run(&["-q", "in", "-o", "out"]).ok();
    assert_eq!(folder.files("out"), ["a.txt", "b/1.txt", "b/2.txt", "pages.jsonl"]);
    assert_eq!(folder.read("out/b/2.txt"), clean() + "\n");

    let names = |out: String| -> Vec<String> {
        out.lines().filter(|line| line.starts_with("==>")).map(|line| line.replace('\\', "/")).collect()
    };
    let inputs = ["==> in/a.txt <==", "==> in/b/1.txt <==", "==> in/b/2.txt <=="];
    assert_eq!(names(folder.run(&["in"]).ok()), inputs);
    // A pattern that no shell has expanded.
    assert_eq!(names(folder.run(&["in/**/*.txt"]).ok()), inputs);
    assert_eq!(names(folder.run(&["in/b/[12].txt"]).ok()), inputs[1..]);
    folder.run(&["-q", "in/**/*.txt", "-o", "out2"]).ok();
    assert_eq!(folder.files("out2"), ["a.txt", "b/1.txt", "b/2.txt"]);

    // The output folder is not read, though it is inside.
    folder.run(&["-q", "in", "-o", "in/out"]).ok();
    folder.run(&["-q", "in", "-o", "in/out"]).ok();
    assert_eq!(folder.files("in/out"), ["a.txt", "b/1.txt", "b/2.txt", "pages.jsonl"]);

    folder.write("pictures/1.png", "");
    for (name, why) in [("pictures", "no files there with an ending that fits"), ("*.pdf", "no such files")] {
        let ended = folder.run(&[name, "in/a.txt"]);
        assert_eq!((ended.code, ended.out), (Some(1), format!("==> in/a.txt <==\n{}\n", clean())));
        assert!(ended.err.contains(why), "{}", ended.err);
    }
}

#[test]
fn json_can_have_files_of_its_own() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    folder.write("b", PAGE);
    folder.run(&["-q", "--json", "a.txt", "b", "-o", "out"]).ok();
    assert_eq!(folder.files("out"), ["a.json", "b.json"]);
    let page: Value = serde_json::from_str(&folder.read("out/a.json")).unwrap();
    assert_eq!(page["text"], clean());

    folder.write("c.jsonl", "{}");
    let ended = folder.run(&["--json", "c.jsonl"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("c.jsonl: has many pages, and --json is for files of one"), "{}", ended.err);
}

#[test]
fn what_is_there_can_be_skipped() {
    let folder = Folder::new();
    folder.write("in/a.txt", PAGE);
    folder.write("in/b.txt", PAGE);
    folder.write("out/a.txt", "done before\n");
    let ended = folder.run(&["in", "-o", "out", "--skip-existing"]);
    assert_eq!(ended.code, Some(0));
    assert!(ended.err.contains("1 skipped, their output is there"), "{}", ended.err);
    assert_eq!(folder.read("out/a.txt"), "done before\n");
    assert_eq!(folder.read("out/b.txt"), clean() + "\n");
    folder.run(&["-q", "in", "-o", "out"]).ok();
    assert_eq!(folder.read("out/a.txt"), clean() + "\n");
}

#[test]
fn a_report_has_the_figures() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    folder.write("b.txt", "Share\nTweet\n");
    let ended = folder.run(&["a.txt", "missing.txt", "b.txt", "--report", "report.json", "--jobs", "2"]);
    assert_eq!(ended.code, Some(1));
    for words in ["2 pages in ", "% removed", "+ body", "- share", "1 without an article · 1 failed, see above"] {
        assert!(ended.err.contains(words), "{words}: {}", ended.err);
    }
    let report: Value = serde_json::from_str(&folder.read("report.json")).unwrap();
    let (bytes, kept) = (PAGE.len() + 12, clean().len());
    for (name, value) in [
        ("inputs", 3),
        ("done", 2),
        ("failures", 1),
        ("skipped", 0),
        ("pages", 2),
        ("pages_without_body", 1),
        ("pages_of_html", 0),
        ("bytes", bytes),
        ("bytes_kept", kept),
        ("jobs", 2),
    ] {
        assert_eq!(report[name], value, "{name}");
    }
    let removed = 1.0 - kept as f64 / bytes as f64;
    assert!((report["share_removed"].as_f64().unwrap() - removed).abs() < 1e-3);
    assert_eq!(report["interrupted"], false);
    assert!(report["mb_per_second"].as_f64().is_some() && report["seconds"].as_f64().is_some());
    let kinds = report["kinds"].as_array().unwrap();
    assert_eq!(kinds.len(), bodycopy::Kind::COUNT);
    let body = bodycopy::clean(PAGE).parts(bodycopy::Kind::Body).count();
    assert_eq!(
        (&kinds[0]["kind"], &kinds[0]["blocks"], &kinds[0]["kept"]),
        (&"body".into(), &body.into(), &true.into())
    );
}

#[test]
fn files_come_in_order_however_many_jobs() {
    let folder = Folder::new();
    let pages: Vec<&str> = PAGE.split_inclusive("\n\n").collect();
    for n in 0..60 {
        folder.write(&format!("in/{n:02}.txt"), pages[..=n % pages.len()].concat().repeat(n % 11 + 1));
    }
    folder.write("in/30.txt", b"\xff");
    let one = folder.run(&["in", "--jobs", "1"]);
    assert_eq!(one.out.lines().filter(|line| line.starts_with("==>")).count(), 59);
    for jobs in ["2", "8"] {
        let more = folder.run(&["in", "--jobs", jobs]);
        assert!(more.out == one.out && more.err == one.err && more.code == Some(1), "{jobs} jobs");
        let to = format!("out-{jobs}");
        let ended = folder.run(&["in", "--quiet", "--jobs", jobs, "--out-dir", &to]);
        assert!(ended.err.starts_with("bodycopy: in/30.txt: not UTF-8"), "{}", ended.err);
        assert_eq!(folder.files(&to).len(), 59);
        assert_eq!(folder.read(&format!("{to}/59.txt")), folder.run(&["in/59.txt"]).out);
    }
}
