//! Nothing is lost: not the inputs, and no output that looks whole and is not.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::program::{Folder, PAGE, clean, ended, gzip};

#[test]
fn no_input_is_written_over() {
    let folder = Folder::new();
    folder.write("in/a.txt", PAGE);
    folder.write("other/a.txt", PAGE);
    let ended = folder.run(&["-q", "in", "-o", "in"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("a.txt is an input; name another --out-dir"), "{}", ended.err);
    let ended = folder.run(&["-q", "in/a.txt", "other/a.txt", "-o", "other/../in/."]);
    assert_eq!((ended.code, ended.err.lines().count()), (Some(1), 2), "{}", ended.err);
    assert_eq!((folder.read("in/a.txt").as_str(), folder.read("other/a.txt").as_str()), (PAGE, PAGE));
    assert_eq!(folder.files("."), ["in/a.txt", "other/a.txt"]);
}

#[test]
fn two_inputs_do_not_share_an_output() {
    let folder = Folder::new();
    folder.write("x/a.txt", PAGE);
    folder.write("y/a.txt", "Share\n");
    let ended = folder.run(&["-q", "x/a.txt", "y/a.txt", "-o", "out"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("is the output of x/a.txt; name the folder that has both"), "{}", ended.err);
    assert_eq!(folder.read("out/a.txt"), clean() + "\n");
}

#[cfg(unix)]
#[test]
fn outputs_that_links_lead_to_are_not_shared() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    folder.write("b.txt", "Share\n");
    folder.write("out/b.txt", "");
    std::os::unix::fs::symlink("b.txt", folder.path().join("out/a.txt")).unwrap();
    let ended = folder.run(&["-q", "a.txt", "b.txt", "-o", "out"]);
    assert!(ended.err.contains("out/b.txt is the output of a.txt"), "{}", ended.err);
    assert_eq!(folder.read("out/b.txt"), clean() + "\n");
    let ended = folder.run(&["-q", "a.txt", "./a.txt", "-o", "new"]);
    assert!(ended.err.contains("it is named twice"), "{}", ended.err);
}

#[test]
fn reports_and_outputs_spare_all_that_is_read_or_written() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    folder.write("rules.txt", "drop Home\n");
    folder.write("stdin.txt", PAGE);
    folder.write("all.jsonl", "{\"text\":\"Home\"}\n");
    folder.run(&["-q", "a.txt", "-o", "out"]).ok();
    for args in [
        &["-q", "a.txt", "-o", "out", "--skip-existing", "--report", "a.txt"][..],
        &["-q", "a.txt", "-o", "out", "--skip-existing", "--report", "out/a.txt"],
        &["-q", "a.txt", "-o", "new", "--report", "./new/a.txt"],
        &["-q", "a.txt", "-o", ".", "--report", "a.txt"],
        &["-q", "a.txt", "--rules", "rules.txt", "--report", "rules.txt"],
        &["-q", "--json", "all.jsonl", "--report", "all.jsonl"],
    ] {
        let ended = folder.run(args);
        assert!(
            ended.code == Some(2) && ended.err.contains("--report would be written over"),
            "{args:?} {}",
            ended.err
        );
    }
    for args in [&["-q", "-o", "."][..], &["-q", "-", "--report", "stdin.txt"]] {
        let from = std::fs::File::open(folder.path().join("stdin.txt")).unwrap();
        let ended = ended(folder.command(args).stdin(from).output().unwrap());
        assert_ne!(ended.code, Some(0), "{args:?}");
    }
    assert_eq!((folder.read("a.txt").as_str(), folder.read("stdin.txt").as_str()), (PAGE, PAGE));
    assert_eq!(
        (folder.read("rules.txt").as_str(), folder.read("all.jsonl").as_str()),
        ("drop Home\n", "{\"text\":\"Home\"}\n")
    );
    assert_eq!(folder.read("out/a.txt"), clean() + "\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_work() {
    let folder = Folder::new();
    folder.write("out/00.txt", "");
    for n in 0..60 {
        folder.write(&format!("in/{n:02}.txt"), PAGE);
        let _ = std::fs::remove_file(folder.path().join(format!("out/{n:02}.txt")));
        std::os::unix::fs::symlink("/dev/full", folder.path().join(format!("out/{n:02}.txt"))).unwrap();
    }
    for (jobs, most) in [("1", 1), ("3", 3)] {
        let ended = folder.run(&["-q", "in", "-o", "out", "--jobs", jobs]);
        let told = ended.err.lines().filter(|line| line.ends_with("No space left on device")).count();
        assert!(ended.code == Some(1) && (1..=most).contains(&told), "{}", ended.err);
        assert!(ended.err.ends_with("ended early, with 0 of 60 inputs done; --skip-existing goes on from here\n"));
    }
}

#[test]
fn an_input_is_not_appended_to() {
    let folder = Folder::new();
    let path = folder.write("a.txt", PAGE);
    let out = OpenOptions::new().append(true).open(&path).unwrap();
    let ended = ended(folder.command(&["a.txt"]).stdout(out).output().unwrap());
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("a.txt: not cleaned: it is standard output too"), "{}", ended.err);
    assert_eq!(folder.read("a.txt"), PAGE);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = Folder::new();
    folder.write("in.jsonl", "{\"text\":\"\"}\n".repeat(200_000));
    folder.write("page.txt", PAGE);
    for args in [&["--jsonl", "in.jsonl"][..], &["--jsonl", "--jobs", "1", "in.jsonl"], &["--explain", "page.txt"]] {
        let mut child = folder.command(args).spawn().unwrap();
        drop(child.stdout.take());
        let ended = ended(child.wait_with_output().unwrap());
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn an_input_that_breaks_off_leaves_no_output() {
    let folder = Folder::new();
    let packed = gzip("{\"text\":\"\"}\n".repeat(100_000).as_bytes());
    folder.write("in.jsonl.gz", &packed[..packed.len() - 20]);
    let ended = folder.run(&["-q", "in.jsonl.gz", "-o", "out"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("in.jsonl.gz: cannot be read: "), "{}", ended.err);
    assert!(ended.err.contains("not written, since in.jsonl.gz was not read to its end"), "{}", ended.err);
    assert_eq!(folder.files("out"), [""; 0]);
}

#[test]
fn an_output_that_cannot_be_written_is_told() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    folder.write("b.txt", PAGE);
    folder.write("out/a.txt/in-the-way", "");
    let ended = folder.run(&["-q", "a.txt", "b.txt", "-o", "out"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("a.txt: cannot be written: "), "{}", ended.err);
    assert_eq!(folder.files("out"), ["a.txt/in-the-way", "b.txt"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    for args in [&["a.txt"][..], &["--json", "a.txt"], &["--explain", "a.txt"]] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = ended(folder.command(args).stdout(full).output().unwrap());
        assert_eq!(ended.code, Some(1));
        assert_eq!(ended.err, "bodycopy: standard output: cannot be written: No space left on device\n");
    }
}

/// Signals, while an output file is being written.
#[cfg(unix)]
mod signals {
    use super::*;
    use std::io::Write;
    use std::process::{Child, ChildStdin, Command};
    use std::time::Duration;

    /// A run that has started its output and waits for more input.
    fn start(folder: &Folder) -> (Child, ChildStdin) {
        let args = ["--jobs", "2", "--jsonl", "done.txt", "-", "-o", "out"];
        folder.write("done.txt", format!("{}\n", serde_json::json!({ "text": PAGE })));
        let mut child = folder.command(&args).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"{\"text\":\"\"}\n").unwrap();
        while !folder.files("out").iter().any(|file| file.ends_with(".part")) || folder.files("out").len() < 2 {
            assert!(child.try_wait().unwrap().is_none(), "ended early");
            std::thread::sleep(Duration::from_millis(5));
        }
        (child, stdin)
    }

    fn signal(child: &Child, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        // Signals come when they come.
        std::thread::sleep(Duration::from_millis(100));
    }

    #[test]
    fn an_interrupted_run_leaves_whole_files_only() {
        for (name, code) in [("INT", 130), ("TERM", 143)] {
            let folder = Folder::new();
            let (child, mut stdin) = start(&folder);
            signal(&child, name);
            // More comes, but it is not waited for.
            let _ = stdin.write_all(b"{\"text\":\"\"}\n");
            drop(stdin);
            let ended = ended(child.wait_with_output().unwrap());
            assert_eq!(ended.code, Some(code), "{ended:?}");
            assert!(ended.err.contains("not written, since standard input was not read to its end"), "{ended:?}");
            assert!(ended.err.contains("ended early, with 1 of 2 inputs done; --skip-existing goes on"), "{ended:?}");
            assert_eq!(folder.files("out"), ["done.txt"]);
        }
    }

    #[test]
    fn a_killed_run_leaves_nothing_under_the_final_name() {
        let folder = Folder::new();
        let (mut child, _stdin) = start(&folder);
        signal(&child, "KILL");
        child.wait().unwrap();
        let files = folder.files("out");
        assert!(files.iter().all(|file| file == "done.txt" || file.starts_with(".bodycopy-")), "{files:?}");
    }
}

#[test]
fn an_output_folder_that_is_a_file_is_told() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    folder.write("out", "mine");
    let ended = folder.run(&["a.txt", "-o", "out"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(2), "bodycopy: --out-dir names a folder, and out is none\n"));
    assert_eq!(folder.read("out"), "mine");
}

/// No more than some bytes can be written to a file, as where a disk is full.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_does_not_fit_is_not_left_behind() {
    let folder = Folder::new();
    folder.write("small.txt", PAGE);
    folder.write("large.txt", PAGE.repeat(200));
    folder.write("large.jsonl", format!("{}\n", serde_json::json!({ "text": "", "more": "x".repeat(100_000) })));
    folder.write("out/large.txt", "before\n");
    // The shell's limit is in blocks of 512 or 1024 bytes; with the signal
    // ignored, writing fails.
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" -q --keep \"$1\" small.txt large.txt large.jsonl -o out --report report.json";
    let kinds: Vec<&str> = bodycopy::Kind::ALL.iter().map(|kind| kind.name()).collect();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", limited, env!("CARGO_BIN_EXE_bodycopy"), &kinds.join(",")]).current_dir(folder.path());
    let ended = ended(command.output().unwrap());
    assert_eq!(ended.code, Some(1));
    for name in ["large.txt", "large.jsonl"] {
        assert!(ended.err.contains(&format!("out/{name}: cannot be written: File too large")), "{}", ended.err);
    }
    assert_eq!(folder.files("out"), ["large.txt", "small.txt"]);
    assert_eq!(folder.read("out/large.txt"), "before\n");
    assert_eq!(folder.read("out/small.txt"), PAGE);
    assert!(folder.read("report.json").ends_with("}\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn full_disks_elsewhere_are_no_panic() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    folder.write("a.jsonl", "{\"text\":\"\"}\n");
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    // Where messages cannot be written, the work goes on.
    let ended_so = ended(folder.command(&["a.txt", "missing.txt", "-o", "out"]).stderr(full()).output().unwrap());
    assert_eq!(ended_so.code, Some(1));
    assert_eq!(folder.read("out/a.txt"), clean() + "\n");
    for args in [&["--kinds"][..], &["--jsonl", "a.jsonl"]] {
        let ended = ended(folder.command(args).stdout(full()).output().unwrap());
        assert_eq!(ended.code, Some(1));
        assert_eq!(ended.err, "bodycopy: standard output: cannot be written: No space left on device\n");
    }
    let ended = folder.run(&["-q", "a.txt", "--report", "/dev/full"]);
    assert_eq!((ended.code, ended.out), (Some(1), clean() + "\n"));
    assert_eq!(ended.err, "bodycopy: /dev/full: cannot be written: No space left on device\n");
}

#[cfg(unix)]
#[test]
fn pipes_and_links_are_written_through() {
    use std::os::unix::fs::FileTypeExt;
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    folder.run(&["-q", "a.txt", "--report", "pipe"]).ok();
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo(), "it was replaced");
    assert!(serde_json::from_str::<serde_json::Value>(&reader.join().unwrap()).is_ok());

    folder.write("kept/real.txt", "before\n");
    std::fs::create_dir(folder.path().join("out")).unwrap();
    std::os::unix::fs::symlink("../kept/real.txt", folder.path().join("out/a.txt")).unwrap();
    folder.run(&["-q", "a.txt", "-o", "out"]).ok();
    assert!(folder.path().join("out/a.txt").is_symlink());
    assert_eq!(folder.read("kept/real.txt"), clean() + "\n");
}

/// However long a stream is, it takes the memory of a few batches.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_stream() {
    use std::io::{Read, Write};
    let folder = Folder::new();
    let mut child = folder.command(&["--jsonl", "--jobs", "2"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reading = std::thread::spawn(move || {
        let (mut buffer, mut total) = (vec![0; 1 << 16], 0);
        while let Ok(n @ 1..) = stdout.read(&mut buffer) {
            total += n;
        }
        total
    });
    // Most of it passes through, so that it takes little time.
    let line = format!("{}\n", serde_json::json!({ "html": "<br>".repeat(10_000), "text": PAGE }));
    let lines = (200 << 20) / line.len();
    for _ in 0..lines {
        stdin.write_all(line.as_bytes()).unwrap();
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert!(reading.join().unwrap() > lines * 40_000);
    assert!(peak.parse::<usize>().unwrap() < 64 << 10, "{peak} kB");
}
