// The dialogs: download a picture, copy it in words, and the keys.

import { LANGUAGE, LANGUAGES, number, t } from "./language.js";
import { exIcon, exNode, exSet } from "./nodes.js";
import { pictureBlob } from "./png.js";
import { addressWith } from "./query.js";
import { recipeTitle } from "./values.js";
import { commandOf, jsonOf, tomlOf } from "./words.js";

export function makeDialog(title, ...content) {
  const close = exNode("button", { type: "button", class: "small", "aria-label": t("Close"), onclick: () => dialog.close() }, exIcon("M6 6l12 12M18 6L6 18"));
  const dialog = exNode("dialog", { "aria-label": title, onclick: (event) => { if (event.target === dialog) dialog.close(); } },
    exNode("div", { class: "sheet" }, exNode("header", {}, exNode("h2", {}, title), close), ...content.filter(Boolean)));
  document.body.append(dialog);
  // The first thing to do in it has the focus when it opens, and not the button that closes it. Said only now:
  // a browser may refuse to give it at once, in a frame on another page.
  exSet(dialog.querySelector(".sheet > :not(header):is(select, input, .main), .sheet > :not(header) :is(select, input, .main)") ?? close, { autofocus: true });
  return dialog;
}

export class DownloadDialog {
  constructor(studio, painter) {
    Object.assign(this, { studio, painter, work: null });
    const { sizes, limits } = studio.data;
    this.choice = exNode("select", { id: "size", onchange: () => this.choose() },
      exNode("option", { value: "window" }, t("as shown")),
      ...Object.entries(sizes).map(([name, [width, height]]) => exNode("option", { value: name }, `${name}, ${width} × ${height}`)),
      exNode("option", { value: "own" }, t("another size")));
    const side = (label) => exNode("input", { type: "number", class: "number wide", min: 1, max: limits.side, step: 1, "aria-label": label, oninput: () => { this.choice.value = "own"; } });
    [this.width, this.height] = [side(t("Width in pixels")), side(t("Height in pixels"))];
    this.samples = exNode("select", { id: "samples" }, ...[[0, t("more at edges")], [1, "1"], [2, "2 × 2"], [4, "4 × 4"]].map(([value, words]) => exNode("option", { value }, words)));
    this.bar = exNode("progress", { max: 1, value: 0, "aria-label": t("Progress of the picture"), hidden: true });
    this.words = exNode("p", { class: "hint", role: "status" });
    this.go = exNode("button", { type: "submit", class: "main" }, t("Download PNG"));
    this.cancel = exNode("button", { type: "button", class: "plain", hidden: true, onclick: () => this.work?.abort() }, t("Cancel"));
    const form = exNode("form", { onsubmit: (event) => { event.preventDefault(); this.download(); } },
      exNode("div", { class: "control choice" }, exNode("label", { for: "size" }, t("Size")), this.choice),
      exNode("div", { class: "control" }, exNode("span", { class: "label" }, t("Pixels")), this.width, exNode("span", { class: "times", "aria-hidden": "true" }, "×"), this.height),
      exNode("div", { class: "control choice" }, exNode("label", { for: "samples" }, t("Samples per pixel")), this.samples),
      this.bar, this.words, exNode("div", { class: "actions" }, this.cancel, this.go));
    const about = exNode("p", { class: "hint" }, t("The recipe travels inside the file: artstudio info, artstudio render and this page read it again."));
    this.dialog = makeDialog(t("Download"), form, about);
    this.dialog.addEventListener("close", () => this.work?.abort());
  }

  open() {
    this.choose();
    this.words.textContent = "";
    this.dialog.showModal();
  }

  choose() {
    if (this.choice.value === "own") {
      this.width.focus();
      return;
    }
    const [width, height] = this.choice.value === "window" ? this.studio.windowSize() : this.studio.data.sizes[this.choice.value];
    this.width.value = width;
    this.height.value = height;
  }

  async download() {
    const { data } = this.studio;
    const recipe = this.studio.visibleRecipe();
    const size = { width: this.width.valueAsNumber, height: this.height.valueAsNumber, samples: Number(this.samples.value) };
    if (!this.width.reportValidity() || !this.height.reportValidity() || !size.width || !size.height) return;
    const title = recipeTitle(data, recipe);
    const work = new AbortController();
    this.begin(work);
    try {
      const blob = await pictureBlob(this.painter, data, recipe, { ...size, title, signal: work.signal }, (done) => { this.bar.value = done; });
      saveBlob(blob, `${fileStem(recipe)}-${size.width}x${size.height}.png`);
      this.words.textContent = t("Saved, {size} MB", { size: number(blob.size / 1e6, 1) });
    } catch (error) {
      this.words.textContent = work.signal.aborted ? t("Cancelled") : error.message;
    } finally {
      this.begin(null);
    }
  }

  // `work` is what is being painted, null when nothing is any more.
  begin(work) {
    this.work = work;
    this.go.disabled = Boolean(work);
    this.bar.hidden = !work;
    this.bar.value = 0;
    this.cancel.hidden = !work;
    if (work) this.words.textContent = t("Painting…");
  }
}

export function fileStem(recipe) {
  const words = recipe.activation.join("-").toLowerCase().replace(/[^a-z0-9_]+/g, "-").replace(/^-|-$/g, "");
  return `${words.slice(0, 60) || "own"}-${recipe.seed}`;
}

export function saveBlob(blob, name) {
  const url = URL.createObjectURL(blob);
  exNode("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export class ShareDialog {
  constructor(studio) {
    this.studio = studio;
    this.rows = [
      this.row(t("Copy command"), t("The command that renders it"), t("Copied the command")),
      this.row(t("Copy link"), t("The address of this page, with everything on it"), t("Copied the link")),
      this.row(t("Copy recipe, TOML"), t("A preset's table, for a file of presets"), t("Copied the recipe, TOML")),
      this.row(t("Copy recipe, JSON"), t("The whole recipe, for programs"), t("Copied the recipe, JSON")),
    ];
    this.words = exNode("p", { class: "hint", role: "status" });
    this.dialog = makeDialog(t("Share"), ...this.rows.map(({ element }) => element), this.words);
  }

  row(words, about, copied) {
    const text = exNode("textarea", { readonly: true, rows: 2, spellcheck: "false", "aria-label": t("{name}, text", { name: about }) });
    const button = exNode("button", { type: "button", class: "main", onclick: () => this.copy(text, copied) }, words);
    return { text, element: exNode("div", { class: "share" }, exNode("p", { class: "label" }, about), text, button) };
  }

  open() {
    const { data } = this.studio;
    const recipe = this.studio.visibleRecipe();
    const [command, link, toml, json] = this.rows;
    command.text.value = commandOf(data, recipe, ...this.studio.windowSize());
    link.text.value = location.href;
    link.element.hidden = location.protocol === "about:"; // within a notebook the page has no address
    toml.text.value = tomlOf(data, recipe);
    json.text.value = jsonOf(data, recipe);
    this.words.textContent = "";
    this.dialog.showModal();
  }

  async copy(text, copied) {
    try {
      await navigator.clipboard.writeText(text.value);
      this.dialog.close();
      this.studio.say(copied);
    } catch {
      text.focus();
      text.select(); // the browser forbids it: one more key copies it
      this.words.textContent = t("Copying is blocked here. The text is selected: press Ctrl-C.");
    }
  }
}

export class HelpDialog {
  // `keys`: [[keys, what they do]]. The studio's `shortcuts` are {on}, which the first box changes.
  constructor(keys, studio, about) {
    const rows = keys.map(([names, words]) => exNode("div", {}, exNode("dt", {}, ...names.map((name) => exNode("kbd", {}, name))), exNode("dd", {}, words)));
    const box = exNode("input", { type: "checkbox", role: "switch", checked: true, onchange: () => { studio.shortcuts.on = box.checked; } });
    this.studio = studio;
    this.hall = exNode("input", { type: "checkbox", role: "switch", onchange: () => studio.hall.turn(this.hall.checked) });
    this.dialog = makeDialog(t("Keys"), exNode("dl", { class: "keys" }, ...rows),
      exNode("label", { class: "control switch" }, exNode("span", {}, t("Single keys do something")), box),
      exNode("label", { class: "control switch" }, exNode("span", {}, t("Lecture hall: large type for a projector")), this.hall),
      languageChoice(),
      exNode("p", { class: "hint" }, about));
  }

  open() {
    this.hall.checked = this.studio.hall.on;
    this.dialog.showModal();
  }
}

// The page's language; null where the page has no address that could name it, as in a notebook.
function languageChoice() {
  if (location.protocol === "about:" || LANGUAGES.length < 2) return null;
  const select = exNode("select", { id: "language", onchange: () => location.assign(addressWith("lang", select.value)) },
    ...LANGUAGES.map(([code, name]) => exNode("option", { value: code, selected: code === LANGUAGE, lang: code }, name)));
  return exNode("div", { class: "control choice" }, exNode("label", { for: "language" }, t("Language")), select);
}
