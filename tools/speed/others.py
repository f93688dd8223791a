"""Times another cleaner, in Python, on the pages of a file.

    python tools/speed/others.py NAME PAGES.jsonl SECONDS

tools/speed.py runs it in its virtual environment. A line of JSON says how many
bytes of text and pages were done, in how much CPU time: pages spread over the
file, in a fixed order, until SECONDS have passed, then the same pages again;
the faster pass counts. Imports and reading do not count.
"""

import importlib.metadata
import json
import re
import sys
import time

STEP = 37  # Pages are taken so far apart; prime, so that all come up.


def datatrove():
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter

    # Without the count of sentences, a rule on pages: it needs a tokenizer.
    rules = C4QualityFilter(min_num_sentences=-1)
    return lambda page: rules.filter(Document(text=page["text"], id=""))


def bare():
    """The same rules on lines, with nothing around them."""
    citation = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
    ends = (".", "?", "!", '"', "'")
    policies = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")

    def clean(page):
        kept = []
        for line in page["text"].splitlines():
            line = line.strip()
            if "[" in line:
                line = citation.sub("", line)
            if not line.endswith(ends) or line.endswith("..."):
                continue
            words = line.split()
            if len(words) < 3 or (len(line) > 1000 and max(map(len, words)) > 1000):
                continue
            lower = line.lower()
            if "javascript" in lower or "{" in lower or "lorem ipsum" in lower:
                continue
            if any(policy in lower for policy in policies):
                continue
            kept.append(line)
        return "\n".join(kept)

    return clean


def justext():
    import justext

    words = justext.get_stoplist("English")
    return lambda page: justext.justext(page["html"].encode(), words, encoding="utf-8")


def winnow():
    import winnow

    # It takes Markdown: every line becomes a paragraph, which costs it nothing.
    return lambda page: winnow.clean(page["text"].replace("\n", "\n\n"))


def trafilatura():
    import trafilatura

    return lambda page: trafilatura.extract(page["html"])


# Name: what makes the cleaner, and its distribution.
CLEANERS = {
    "datatrove": (datatrove, "datatrove"),
    "bare": (bare, None),
    "justext": (justext, "jusText"),
    "winnow": (winnow, "winnow-md"),
    "trafilatura": (trafilatura, "trafilatura"),
}


def main(name, path, seconds):
    make, distribution = CLEANERS[name]
    clean = make()
    pages = [json.loads(line) for line in open(path, encoding="utf-8")]
    order = [pages[i * STEP % len(pages)] for i in range(len(pages))] if len(pages) % STEP else pages

    start, done = time.process_time(), 0
    for page in order:
        clean(page)
        done += 1
        if time.process_time() - start > seconds:
            break
    first = time.process_time() - start
    start = time.process_time()
    for page in order[:done]:
        clean(page)
    best = min(first, time.process_time() - start)
    print(json.dumps({
        "bytes": sum(page["bytes"] for page in order[:done]),
        "pages": done,
        "seconds": best,
        "version": importlib.metadata.version(distribution) if distribution else None,
    }))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
