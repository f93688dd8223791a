// The page: what the user does → state → the views.

import { Card } from "./card.js";
import { Cleaning } from "./cleaning.js";
import { DocumentMap } from "./map.js";
import { byId, element } from "./element.js";
import { EXAMPLES } from "./examples.js";
import { follow } from "./follow.js";
import { showFigures } from "./figures.js";
import { Layout } from "./layout.js";
import { showLegend } from "./legend.js";
import { changedLine, cleanLine, rawLine } from "./lines.js";
import { linkTo, LONGEST_LINK, readLink } from "./link.js";
import { showParts } from "./parts.js";
import { Sheet } from "./sheet.js";
import { scriptAddress } from "./trust.js";
import { tabs } from "./tabs.js";

const state = { text: "", name: "bodycopy", favor: "balanced", keep: new Set(["body"]), layout: null, kinds: [] };
const view = {
  current: 0,
  get kinds() {
    return state.kinds;
  },
  keeps: (i) => state.keep.has(state.kinds[state.layout.kindOf[i]].name),
};

const raw = new Sheet(byId("raw"));
const clean = new Sheet(byId("clean"));
const changes = new Sheet(byId("changes"));
const map = new DocumentMap(byId("map"), raw);
const cleaning = new Cleaning({
  onReady(kinds) {
    state.kinds = kinds;
    document.documentElement.dataset.ready = "";
    run();
  },
  onFailure: (message) => note(`The cleaner did not start: ${message}`),
});
const card = new Card({
  reasons: (index) => cleaning.ask("reasons", { index }),
  onToggle: toggle,
});
follow(raw, [clean, changes]);
const views = tabs([byId("tab-text"), byId("tab-parts"), byId("tab-changes")], showView);

// ---- the text --------------------------------------------------------------

function setText(text, name = "pasted text") {
  state.text = text;
  state.name = name;
  if (!byId("input").hidden) byId("input").value = text;
  view.current = 0;
  run(true);
}

/** Cleans the text; a new document is shown from its top. */
function run(fresh = false) {
  if (state.kinds.length === 0) return;
  const slow = setTimeout(() => busy(`Cleaning ${size(state.text)}…`), 150);
  cleaning
    .clean(state.text, state.favor, (result, text) => {
      state.layout = new Layout(text, result);
      card.forget();
      showAll();
      if (fresh) for (const { box } of [raw, clean, changes]) box.scrollTop = 0;
    })
    .catch((error) => note(`Cleaning failed: ${error.message}`))
    .finally(() => {
      clearTimeout(slow);
      busy(null);
    });
}

function showAll() {
  const { layout, kinds } = state;
  view.current = Math.min(view.current, Math.max(0, layout.count - 1));
  const characters = (line) => layout.starts[layout.first[line + 1]] - layout.starts[layout.first[line]];
  raw.show(layout.lines, (line) => rawLine(layout, line, view), characters);
  map.show(layout, view.keeps, kinds.map(({ name }) => name));
  showKept();
}

/** What changes when kinds are taken in or out. */
function showKept() {
  const { layout, kinds, keep } = state;
  const counts = new Array(kinds.length).fill(0);
  layout.kindOf.forEach((kind) => counts[kind]++);
  showLegend(byId("legend"), { kinds, counts, keep, onToggle: toggle });
  showFigures(layout, view);
  showView(views.selected);
}

function showView(tab) {
  const { layout } = state;
  if (!layout) return;
  const kept = (line) => {
    let characters = 0;
    for (let i = layout.first[line]; i < layout.first[line + 1]; i++) {
      if (view.keeps(i)) characters += layout.starts[i + 1] - layout.starts[i];
    }
    return characters;
  };
  if (tab === "tab-text") {
    clean.show(layout.lines, (line) => cleanLine(layout, line, view), kept);
    if (!layout.kindOf.some((_, i) => view.keeps(i))) clean.box.replaceChildren(nothing());
  } else if (tab === "tab-parts") {
    showParts(byId("parts"), layout);
  } else {
    const all = (line) => layout.starts[layout.first[line + 1]] - layout.starts[layout.first[line]];
    changes.show(layout.lines, (line) => changedLine(layout, line, view), all);
  }
}

function nothing() {
  const words = state.text.trim() === "" ? "Paste a page, drop a file, or pick an example." : "No story found in this text.";
  return element("p", { class: "nothing" }, words);
}

function toggle(kind) {
  if (!state.keep.delete(kind)) state.keep.add(kind);
  card.hide();
  raw.refresh();
  map.show(state.layout, view.keeps, state.kinds.map(({ name }) => name));
  const top = clean.box.scrollTop;
  showKept();
  clean.box.scrollTop = top;
  note(`${kind.replaceAll("_", " ")} ${state.keep.has(kind) ? "kept" : "removed"}`);
}

// ---- controls --------------------------------------------------------------

const source = byId("source");
const samples = element("optgroup", { label: "Examples" });
samples.append(...EXAMPLES.map(({ title }, i) => element("option", { value: `example ${i}` }, title)));
const own = element("optgroup", { label: "Yours" });
source.append(samples);
const opened = [];

async function openExample(i) {
  const { title, address } = EXAMPLES[i];
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return note("This example could not be loaded.");
  setText(await answer.text(), title);
}

source.onchange = () => {
  const [what, place] = source.value.split(" ");
  editing(false);
  history.replaceState(null, "", location.pathname);
  if (what === "example") openExample(Number(place));
  else setText(opened[place].text, opened[place].name);
};

/** Adds texts to the list, and shows the first of them. */
function addOwn(texts) {
  if (texts.length === 0) return;
  if (!own.isConnected) source.append(own);
  const from = opened.length;
  for (const { name, text } of texts) {
    own.append(element("option", { value: `own ${opened.length}` }, name));
    opened.push({ name, text });
  }
  source.value = `own ${from}`;
  editing(false);
  setText(texts[0].text, texts[0].name);
  if (texts.length > 1) note(`${texts.length} files; pick one under Text`);
}

async function openFiles(files) {
  const texts = await Promise.all([...files].map(async (file) => ({ name: file.name, text: await file.text() })));
  addOwn(texts);
}

byId("open").onclick = () => byId("files").click();
byId("files").onchange = (event) => openFiles(event.target.files).then(() => (event.target.value = ""));

for (const input of byId("favor").querySelectorAll("input")) {
  input.onchange = () => {
    state.favor = input.value;
    run();
  };
}

function editing(on) {
  const input = byId("input");
  if (on === !input.hidden) return;
  byId("edit").setAttribute("aria-pressed", String(on));
  byId("edit").textContent = on ? "Done" : "Edit or paste";
  input.hidden = !on;
  raw.box.hidden = on;
  byId("map").parentElement.hidden = on;
  card.hide();
  if (on) {
    input.value = state.text;
    input.focus();
    input.setSelectionRange(0, 0);
    input.scrollTop = 0;
  } else if (state.layout) showAll();
}

byId("edit").onclick = () => editing(byId("input").hidden);
let typed = 0;
byId("input").oninput = () => {
  clearTimeout(typed);
  typed = setTimeout(() => {
    state.text = byId("input").value;
    state.name = "pasted text";
    run();
  }, Math.min(600, 80 + byId("input").textLength / 10_000));
};

document.addEventListener("paste", (event) => {
  if (event.target instanceof HTMLTextAreaElement) return;
  const text = event.clipboardData?.getData("text/plain");
  if (!text) return;
  event.preventDefault();
  addOwn([{ name: `Pasted: ${text.trim().slice(0, 30)}…`, text }]);
});

let over = 0;
const isFiles = (event) => [...(event.dataTransfer?.types ?? [])].some((type) => type === "Files" || type === "text/plain");
document.addEventListener("dragenter", (event) => isFiles(event) && (byId("drop").hidden = ++over === 0));
document.addEventListener("dragleave", () => (byId("drop").hidden = --over <= 0));
document.addEventListener("dragover", (event) => isFiles(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  over = 0;
  byId("drop").hidden = true;
  if (event.dataTransfer.files.length > 0) openFiles(event.dataTransfer.files);
  else addOwn([{ name: "Dropped text", text: event.dataTransfer.getData("text/plain") }]);
});

// ---- reasons ---------------------------------------------------------------

function explain(owner, pinned) {
  const i = Number(owner.dataset.span);
  const { layout, kinds } = state;
  const block = { index: i, info: kinds[layout.kindOf[i]], confidence: layout.confidence[i], kept: view.keeps(i) };
  card.show(owner, block, pinned);
}

function walkTo(i) {
  raw.box.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  raw.box.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
  view.current = i;
  const block = raw.element(state.layout.lineOf(i))?.querySelector(`[data-span="${i}"]`);
  block?.setAttribute("tabindex", "0");
  block?.setAttribute("aria-selected", "true");
  return block;
}

const blockOf = (event) => event.target.closest?.("[data-span]");
let pointed = 0;
raw.box.addEventListener("pointerover", (event) => {
  clearTimeout(pointed);
  const block = blockOf(event);
  if (event.pointerType !== "mouse" || card.pinned) return;
  if (block) pointed = setTimeout(() => card.pinned || explain(block, false), 90);
  else pointed = setTimeout(() => card.pinned || card.hide(), 200);
});
raw.box.addEventListener("pointerleave", () => {
  clearTimeout(pointed);
  if (!card.pinned) pointed = setTimeout(() => card.pinned || card.hide(), 200);
});
raw.box.addEventListener("click", (event) => {
  const block = blockOf(event);
  if (!block || String(getSelection()) !== "") return;
  walkTo(Number(block.dataset.span))?.focus({ preventScroll: true });
  explain(block, true);
});
raw.box.addEventListener("focusin", (event) => {
  const block = blockOf(event);
  if (block?.matches(":focus-visible") && !card.pinned) explain(block, false);
});
raw.box.addEventListener("focusout", () => card.pinned || card.hide());
raw.box.addEventListener("keydown", (event) => {
  const last = state.layout.count - 1;
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -last, End: last };
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    const block = blockOf(event);
    if (block) explain(block, true);
    byId("card").querySelector("button")?.focus();
  } else if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    card.pinned = false;
    const block = walkTo(Math.min(last, Math.max(0, view.current + steps[event.key])));
    block?.scrollIntoView({ block: "nearest" });
    block?.focus({ preventScroll: true });
  }
});
raw.box.addEventListener("scroll", () => card.pinned || raw.box.matches(":focus-within") || card.hide(), { passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (byId("card").contains(document.activeElement)) walkTo(view.current)?.focus();
  card.hide();
});
document.addEventListener("pointerdown", (event) => {
  if (card.pinned && !byId("card").contains(event.target) && !raw.box.contains(event.target)) card.hide();
});

// ---- taking it away --------------------------------------------------------

const keepList = () => [...state.keep];

byId("copy").onclick = () => copy(cleaning.ask("text", { keep: keepList() }), "Clean text copied");
byId("save-text").onclick = async () =>
  save(await cleaning.ask("text", { keep: keepList() }), "text/plain", ".clean.txt");
byId("save-spans").onclick = async () =>
  save(await cleaning.ask("spans", { keep: keepList() }), "application/json", ".spans.json");
byId("share").onclick = async () => {
  const link = await linkTo(state.text, state);
  if (!link) return note(`Too long for a link: it would have over ${LONGEST_LINK.toLocaleString()} characters`);
  history.replaceState(null, "", link);
  await copy(Promise.resolve(link), "Link copied; the text is in it");
};

async function copy(promise, done) {
  try {
    await navigator.clipboard.writeText(await promise);
    note(done);
  } catch {
    note("The browser did not allow copying");
  }
}

function save(text, type, ending) {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const name = state.name.replace(/\.[a-z]+$/i, "").replace(/[^\p{L}\p{N} ._-]/gu, "").trim() || "bodycopy";
  element("a", { href: address, download: name + ending }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// ---- small things ----------------------------------------------------------

let noted = 0;
function note(words) {
  clearTimeout(noted);
  byId("note").textContent = words;
  noted = setTimeout(() => (byId("note").textContent = ""), 4000);
}

function busy(words) {
  byId("busy").hidden = !words;
  byId("busy-words").textContent = words ?? "";
}

function size(text) {
  return text.length > 1e6 ? `${(text.length / 1e6).toFixed(1)} million characters` : `${text.length.toLocaleString()} characters`;
}

addEventListener("beforeprint", () => clean.fillAll());

async function start() {
  const linked = await readLink(location.hash);
  if (linked) {
    const favor = byId("favor").querySelector(`input[value="${CSS.escape(linked.favor ?? "")}"]`);
    if (favor) {
      favor.checked = true;
      state.favor = favor.value;
    }
    if (linked.keep.length > 0) state.keep = new Set(linked.keep.filter((kind) => /^[a-z_]+$/.test(kind)));
    addOwn([{ name: "From the link", text: linked.text }]);
  } else await openExample(0);
}

addEventListener("hashchange", start);
start();
navigator.serviceWorker?.register(scriptAddress(new URL("../offline.js", import.meta.url)), { type: "module" }).catch(() => {});
