#!/usr/bin/env python3
"""Measures how fast bodycopy is, and others on the same pages, and writes
reports/speed.md.

    make speed                 what follows, with the defaults
    tools/speed.py [--big] [--megabytes N] [--rounds N] [--corpus FILE] [--out FILE]

The pages are the first 200 `html_text` dumps of the corpus `web` where it is
there, else the seeds and the test cases. CPU time is what the kernel counts for
a process (user and system); of several rounds the best counts, and the rounds
of what is compared are interleaved. Everything made on the way is in speed/
under cargo's target folder, a virtual environment for the others included.

Close other programs: CPU time suffers a little from them, wall time (two jobs
against one, start-up) much. The report says how much of the machine they took.
"""

import argparse
import gzip
import html
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
WORK = TARGET / "speed"
PAGES = 200
STREAM_MB = 40  # As much text as gzip and bodycopy read in a round.
FOLDER_MB = 10
READABILITY_MB = 5
OTHERS_SECONDS = 4
READABILITY = "0.19.0"  # dom_smoothie's version.
MB = 1e6


class Run:
    """A process that has ended: its CPU and wall time in seconds, its most
    memory in bytes."""

    def __init__(self, command, **options):
        options.setdefault("stdout", subprocess.DEVNULL)
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, **options)
        _, status, usage = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"speed: {command[0]} failed with {process.returncode}")
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024


def note(text):
    print(f"speed: {text}", file=sys.stderr, flush=True)


def one_core():
    os.sched_setaffinity(0, {max(CORES)})


def all_cores():
    os.sched_setaffinity(0, CORES)


CORES = os.sched_getaffinity(0)


def own_cpu():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def busy():
    """Seconds that all cores have worked, for anybody."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    user, nice, system, _, _, irq, softirq = map(int, fields[:7])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


class Load:
    """How much of the machine other programs took, from its making on."""

    def __init__(self):
        self.start = time.perf_counter(), busy(), own_cpu()

    def share(self):
        wall, others, own = time.perf_counter() - self.start[0], busy() - self.start[1], own_cpu() - self.start[2]
        return max(0.0, others - own) / (wall * os.cpu_count())


# The pages.


def texts(corpus):
    """The pages' texts, one at a time, so that this process stays small: what it
    takes counts in the peaks of its children."""
    if corpus:
        found = 0
        with gzip.open(corpus, "rt", encoding="utf-8") as lines:
            for line in lines:
                dump = json.loads(line)["dumps"].get("html_text")
                if dump and dump["text"]:
                    yield dump["text"]
                    found += 1
                if found == PAGES:
                    return
    else:
        for path in inputs():
            text = path.read_text(encoding="utf-8")
            yield text.removeprefix("=== raw\n").split("=== clean\n")[0]


def inputs():
    return sorted((ROOT / "seeds").glob("*.txt")) + sorted((ROOT / "tests/cases").glob("*.txt"))


def as_html(text):
    paragraphs = (f"<p>{html.escape(line, quote=False)}</p>\n" for line in text.splitlines() if line.strip())
    return f"<!DOCTYPE html><html><head><title></title></head><body>\n{''.join(paragraphs)}</body></html>"


class Pages:
    """The pages on disk, in the forms that the programs read."""

    def __init__(self, corpus):
        WORK.mkdir(parents=True, exist_ok=True)
        self.once, self.html = WORK / "once.jsonl", WORK / "html.jsonl"
        self.stream, self.plain, self.folder = WORK / "stream.jsonl", WORK / "stream.txt", WORK / "pages"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.count = self.bytes = self.html_bytes = 0
        with self.once.open("w") as once, self.html.open("w") as marked:
            for text in texts(corpus):
                size, page = len(text.encode()), as_html(text)
                once.write(json.dumps({"id": self.count, "text": text}, ensure_ascii=False) + "\n")
                row = {"bytes": size, "text": text, "html": page}
                marked.write(json.dumps(row, ensure_ascii=False) + "\n")
                self.count += 1
                self.bytes += size
                self.html_bytes += len(page.encode())
        self.copies = -(-int(STREAM_MB * MB) // self.bytes)
        self.folder_copies = -(-int(FOLDER_MB * MB) // self.bytes)
        with self.stream.open("w") as stream, self.plain.open("w") as plain:
            for copy in range(self.copies):
                for i, text in enumerate(self.once.open()):
                    stream.write(text)
                    text = json.loads(text)["text"]
                    plain.write(text + "\n")
                    if copy < self.folder_copies:
                        (self.folder / f"{copy}-{i}.txt").write_text(text)
        subprocess.run(["gzip", "-kf", self.plain], check=True)

    def repeated(self, size):
        """A file of JSON Lines of at least so many bytes."""
        path = WORK / "memory.jsonl"
        page = self.once.read_bytes()
        with path.open("wb") as out:
            while out.tell() < size:
                out.write(page)
        return path


# What is measured.


def build():
    note("building with the release profile")
    command = ["cargo", "build", "--release", "--locked", "--quiet", "--bin", "bodycopy", "--example", "throughput"]
    subprocess.run(command, cwd=ROOT, check=True)
    return TARGET / "release/bodycopy", TARGET / "release/examples/throughput"


def against_gzip(bodycopy, throughput, pages, rounds):
    """CPU time a megabyte of text, of gzip -dc and ours, on one core."""
    note("one core, against gzip")
    one_core()
    text = pages.bytes * pages.copies / MB
    json_lines = [bodycopy, "--quiet", "--jsonl", pages.stream, "--jobs", 1]
    of = {"gzip": [], "library": [], "jsonl": [], "spans": []}
    passes = pages.copies
    for _ in range(rounds):
        of["gzip"].append(Run(["gzip", "-dc", f"{pages.plain}.gz"]).cpu)
        idle, full = (Run([throughput, "--repeat", n, pages.once]).cpu for n in (0, passes))
        of["library"].append(full - idle)
        of["jsonl"].append(Run(json_lines).cpu)
        of["spans"].append(Run([*json_lines, "--spans"]).cpu)
    return {name: min(seconds) / text for name, seconds in of.items()}


def two_jobs(bodycopy, pages, rounds):
    """Wall time of two jobs against one: (one, two) for JSON Lines and files."""
    note("two jobs against one")
    all_cores()
    load, result = Load(), {}
    clean = WORK / "clean"
    for name, command in {
        "jsonl": [bodycopy, "--quiet", "--jsonl", pages.stream],
        "files": [bodycopy, "--quiet", pages.folder],
    }.items():
        walls = {1: [], 2: []}
        for number in range(rounds):
            for jobs, times in walls.items():
                # A new folder every time: some file systems are slow to make files
                # just after as many were deleted.
                to = ["--out-dir", clean / f"{number}-{jobs}"] if name == "files" else []
                times.append(Run([*command, *to, "--jobs", jobs]).wall)
        result[name] = min(walls[1]), min(walls[2])
    shutil.rmtree(clean, ignore_errors=True)
    return result, load.share()


def start_up(bodycopy, runs=50):
    """Medians of whole processes, in seconds; `true` is the measuring itself."""
    note("start-up")
    one_core()
    seed = max((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
    commands = {"true": ["true"], "help": [bodycopy, "--help"], "seed": [bodycopy, seed]}
    return {name: statistics.median(Run(words).wall for _ in range(runs)) for name, words in commands.items()}


def memory(bodycopy, pages, megabytes):
    note(f"memory over {megabytes} MB")
    all_cores()
    # At a fork a child counts what its parent has.
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    path = pages.repeated(megabytes * MB)
    run = Run([bodycopy, "--quiet", "--jsonl", path, "--jobs", 2])
    path.unlink()
    return run.peak, floor


# Others.


def environment():
    """A Python with the other cleaners, or None where pip cannot."""
    python = WORK / "venv/bin/python"
    wanted = ROOT / "tools/speed/requirements.txt"
    done = WORK / "venv/installed.txt"
    if not done.exists() or done.read_text() != wanted.read_text():
        note("installing the others")
        subprocess.run([sys.executable, "-m", "venv", "--clear", WORK / "venv"], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted]
        if subprocess.run(pip).returncode != 0:
            note("pip could not install the others; they are left out")
            return None
        done.write_text(wanted.read_text())
    return python


def in_python(python, name, pages):
    """Bytes, pages, CPU seconds and version; None where it does not run."""
    note(name)
    script = ROOT / "tools/speed/others.py"
    command = [python, script, name, pages.html, str(OTHERS_SECONDS)]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0:
        note(f"{name} does not run: {run.stderr.strip().splitlines()[-1]}")
        return None
    return json.loads(run.stdout.splitlines()[-1])


def in_rust(pages, rounds):
    """The same of dom_smoothie, in a crate made for it."""
    note("dom_smoothie")
    crate = WORK / "readability"
    (crate / "src").mkdir(parents=True, exist_ok=True)
    (crate / "Cargo.toml").write_text(
        '[package]\nname = "readability"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n'
        f'[dependencies]\ndom_smoothie = "={READABILITY}"\nserde_json = "1"\n'
    )
    shutil.copy(ROOT / "tools/speed/readability.rs", crate / "src/main.rs")
    all_cores()
    build = ["cargo", "build", "--release", "--quiet", "--target-dir", WORK / "readability/target"]
    if subprocess.run(build, cwd=crate).returncode != 0:
        note("dom_smoothie did not build; it is left out")
        return None
    one_core()
    program = crate / "target/release/readability"
    passes = -(-int(READABILITY_MB * MB) // pages.bytes)
    cost = [Run([program, pages.html, passes]).cpu - Run([program, pages.html, 0]).cpu for _ in range(rounds)]
    return {"bytes": pages.bytes, "pages": pages.count, "seconds": min(cost) / passes, "version": READABILITY}


def others(pages, rounds):
    python = environment()
    one_core()
    found = {}
    for name in ("datatrove", "bare", "justext", "winnow", "trafilatura"):
        able = sys.executable if name == "bare" else python
        found[name] = in_python(able, name, pages) if able else None
    found["dom_smoothie"] = in_rust(pages, rounds)
    return found


# The report.

# Of each: its short name, what it is, what it reads, how much faster to be.
OTHERS = {
    "datatrove": ("C4's line rules in datatrove", "`C4QualityFilter`, its count of sentences off", "text", 1),
    "bare": ("C4's line rules, bare", "a short port in Python", "text", 1),
    "dom_smoothie": ("dom_smoothie", "Readability in Rust", "HTML", 1),
    "trafilatura": ("trafilatura", "`extract`", "HTML", 1),
    "justext": ("jusText", "with the English stop words", "HTML", 100),
    "winnow": ("winnow-md", "without its optional model", "lines as paragraphs", 100),
}


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()


def first_line(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]


def times(n):
    return f"{n:.2f} ×" if n < 10 else f"{n:.0f} ×"


def verdicts(cost, jobs, start, peak, floor, megabytes, found):
    """Rows of what must be reached: what, measured, bar, whether it is met."""
    library = cost["library"]
    rows = []
    for name, what in (("library", "library, with spans"), ("jsonl", "command line, JSON Lines"),
                       ("spans", "command line, JSON Lines with `--spans`")):
        rows.append((f"one core, {what}", f"{1 / cost[name]:.0f} MB/s", "at least 100 MB/s", 1 / cost[name] >= 100))
        ratio = cost[name] / cost["gzip"]
        rows.append(("the same against `gzip -dc`, CPU time", times(ratio), "at most 1.5 ×", ratio <= 1.5))
    for name, what in (("jsonl", "JSON Lines"), ("files", "many files")):
        ratio = jobs[name][0] / jobs[name][1]
        rows.append((f"two jobs against one, {what}", times(ratio), "at least 1.8 ×", ratio >= 1.8))
    for name, what in (("help", "`bodycopy --help`"), ("seed", "a cleaned seed")):
        rows.append((f"start-up, {what}", f"{start[name] * 1000:.1f} ms", "under 10 ms", start[name] < 0.010))
    size = "1 GB" if megabytes == 1000 else f"{megabytes} MB, not 1 GB"
    at_most = "at most " if peak <= floor else ""
    rows.append((f"most memory, JSON Lines of {size}, two jobs", f"{at_most}{peak / MB:.0f} MB", "under 64 MB",
                 peak < 64 * MB))
    for name, row in found.items():
        short, _, _, bar = OTHERS[name]
        if row is None:
            rows.append((f"library against {short}", "did not run", "", None))
            continue
        ratio = row["seconds"] / row["bytes"] * MB / library
        wanted = "faster" if bar == 1 else f"{bar} × as fast"
        rows.append((f"library against {short}", f"{times(ratio)} as fast", wanted, ratio > bar))
    return rows


def report(pages, corpus, cost, jobs, others_load, load, start, peak, floor, megabytes, found, rounds):
    version = json.loads(subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    ).stdout)["packages"][0]["version"]
    rustc = " ".join(first_line("rustc", "--version").split()[:2])
    versions = {OTHERS[name][0].split()[-1]: row["version"] for name, row in found.items() if row and row["version"]}
    cleaners = [f"{name} {version}" for name, version in versions.items()]
    what = (f"the first {pages.count} `html_text` dumps of the corpus `web`" if corpus
            else f"the {pages.count} texts of `seeds/` and `tests/cases/` (the corpora were not there)")
    lines = [
        "# Speed", "",
        "Written by `make speed` (`tools/speed.py`); every figure and verdict is measured in one run, none is by hand. "
        "`make speed BIG=1` measures memory over 1 GB; `make speed-check` counts instructions.", "",
        f"* Machine: {processor()}, {os.cpu_count()} cores. {rustc}, release profile; "
        f"{first_line('gzip', '--version')}; Python {platform.python_version()}; bodycopy {version}; {', '.join(cleaners)}.",
        f"* Text: {what}, {pages.bytes / MB:.2f} MB in UTF-8, repeated to {pages.copies * pages.bytes / MB:.0f} MB "
        "for gzip, JSON Lines and the library. All rates are megabytes (10⁶ bytes) of that text.",
        f"* CPU time is user and system time of the process, on one core, best of {rounds} rounds. "
        "Of the library and of dom_smoothie it is the difference of two runs that clean more and less often; of what is "
        "in Python it is cleaning alone, without imports. `gzip -dc` is of the text packed by `gzip -6`.",
        f"* Other programs took {load:.0%} of the machine while bodycopy was measured, {others_load:.0%} while two jobs were"
        + (": **too much for wall time; run it again on an idle machine.**" if others_load > 0.05 else "."),
        "", "## What must be reached", "", "| what | measured | bar | met |", "|---|---|---|---|",
    ]
    for name, measured, bar, met in verdicts(cost, jobs, start, peak, floor, megabytes, found):
        lines.append(f"| {name} | {measured} | {bar} | {'–' if met is None else 'yes' if met else '**no**'} |")
    lines += [
        "", "Not measured here: a page in the browser's worker (under 1 ms for 15 KB); see `tests/js/speed.test.js`.",
        f"`true`, which does nothing, takes {start['true'] * 1000:.1f} ms to start and end; medians of 50.",
        f"In seconds: JSON Lines {jobs['jsonl'][0]:.2f} with one job, {jobs['jsonl'][1]:.2f} with two; "
        f"files {jobs['files'][0]:.2f} and {jobs['files'][1]:.2f}.",
        "", "## The same pages, one core", "",
        "| what | reads | MB/s of text | ms a page | CPU time, library = 1 |", "|---|---|---|---|---|",
    ]
    page = pages.bytes / pages.count / MB
    rows = [("`gzip -dc`", "text.gz", cost["gzip"]), ("**bodycopy, library, spans and text**", "text", cost["library"]),
            ("**bodycopy --jsonl**", "JSON Lines", cost["jsonl"]),
            ("**bodycopy --jsonl --spans**", "JSON Lines", cost["spans"])]
    for name, row in found.items():
        if row:
            short, detail, reads, _ = OTHERS[name]
            rows.append((f"{short} ({detail})", reads, row["seconds"] / row["bytes"] * MB))
    for name, reads, seconds in sorted(rows, key=lambda row: row[2]):
        lines.append(f"| {name} | {reads} | {1 / seconds:.3g} | {seconds * page * 1000:.3g} | {times(seconds / cost['library'])} |")
    sampled = [f"{OTHERS[name][0]} {row['pages']}" for name, row in found.items() if row and row["pages"] < pages.count]
    lines += [
        "", "The corpora hold no HTML. The HTML is the dump's lines, each in a `<p>` "
        f"({pages.html_bytes / pages.bytes:.2f} bytes for one of text): a real page is several times larger, with scripts, "
        "styles and attributes, so what reads HTML would be slower on it than here, "
        "and finds less to decide here. C4's rules drop a page at the first "
        "curly bracket in datatrove, and that line in the bare port.",
        *([f"The slow ones did some of the pages only, spread over all, scaled by bytes: {', '.join(sampled)}."] if sampled else []),
    ]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--big", action="store_true", help="memory over 1 GB")
    parser.add_argument("--megabytes", type=int, default=100, help="memory over so many")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared/corpus/web.jsonl.gz")
    parser.add_argument("--out", type=Path, default=ROOT / "reports/speed.md")
    args = parser.parse_args()
    corpus = args.corpus if args.corpus.exists() else None
    megabytes = 1000 if args.big else args.megabytes

    bodycopy, throughput = build()
    note("pages")
    pages = Pages(corpus)
    load = Load()
    # First what the size of this process bears on.
    peak, floor = memory(bodycopy, pages, megabytes)
    cost = against_gzip(bodycopy, throughput, pages, args.rounds)
    jobs, others_load = two_jobs(bodycopy, pages, args.rounds)
    start = start_up(bodycopy)
    share = load.share()
    found = others(pages, args.rounds)
    text = report(pages, corpus, cost, jobs, others_load, share, start, peak, floor, megabytes, found, args.rounds)
    args.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
