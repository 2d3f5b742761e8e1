// The dialogs: download a picture, copy it in words, and the keys.

import { exIcon, exNode } from "./nodes.js";
import { pictureBlob } from "./png.js";
import { recipeTitle } from "./values.js";
import { commandOf, jsonOf, tomlOf } from "./words.js";

function makeDialog(title, ...content) {
  const close = exNode("button", { type: "button", class: "small", "aria-label": "Close", onclick: () => dialog.close() }, exIcon("M6 6l12 12M18 6L6 18"));
  const dialog = exNode("dialog", { "aria-label": title, onclick: (event) => { if (event.target === dialog) dialog.close(); } },
    exNode("div", { class: "sheet" }, exNode("header", {}, exNode("h2", {}, title), close), ...content));
  document.body.append(dialog);
  return dialog;
}

export class DownloadDialog {
  constructor(studio, painter) {
    Object.assign(this, { studio, painter, work: null });
    const { sizes, limits } = studio.data;
    this.choice = exNode("select", { id: "size", onchange: () => this.choose() },
      exNode("option", { value: "window" }, "as shown"),
      ...Object.entries(sizes).map(([name, [width, height]]) => exNode("option", { value: name }, `${name}, ${width} × ${height}`)),
      exNode("option", { value: "own" }, "another size"));
    const side = (label) => exNode("input", { type: "number", class: "number wide", min: 1, max: limits.side, step: 1, "aria-label": label, oninput: () => { this.choice.value = "own"; } });
    [this.width, this.height] = [side("Width in pixels"), side("Height in pixels")];
    this.samples = exNode("select", { id: "samples" }, ...[[0, "more at edges"], [1, "1"], [2, "2 × 2"], [4, "4 × 4"]].map(([value, words]) => exNode("option", { value }, words)));
    this.bar = exNode("progress", { max: 1, value: 0, "aria-label": "Progress of the picture", hidden: true });
    this.words = exNode("p", { class: "hint", role: "status" });
    this.go = exNode("button", { type: "submit", class: "main" }, "Download PNG");
    this.cancel = exNode("button", { type: "button", class: "plain", hidden: true, onclick: () => this.work?.abort() }, "Cancel");
    const form = exNode("form", { onsubmit: (event) => { event.preventDefault(); this.download(); } },
      exNode("div", { class: "control choice" }, exNode("label", { for: "size" }, "Size"), this.choice),
      exNode("div", { class: "control" }, exNode("span", { class: "label" }, "Pixels"), this.width, exNode("span", { class: "times", "aria-hidden": "true" }, "×"), this.height),
      exNode("div", { class: "control choice" }, exNode("label", { for: "samples" }, "Samples a pixel"), this.samples),
      this.bar, this.words, exNode("div", { class: "actions" }, this.cancel, this.go));
    const about = exNode("p", { class: "hint" }, "The recipe travels inside the file: artstudio info, artstudio render and this page read it again.");
    this.dialog = makeDialog("Download", form, about);
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
      this.words.textContent = `Saved, ${(blob.size / 1e6).toFixed(1)} MB`;
    } catch (error) {
      this.words.textContent = work.signal.aborted ? "Cancelled" : error.message;
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
    if (work) this.words.textContent = "Painting…";
  }
}

function fileStem(recipe) {
  const words = recipe.activation.join("-").toLowerCase().replace(/[^a-z0-9_]+/g, "-").replace(/^-|-$/g, "");
  return `${words.slice(0, 60) || "own"}-${recipe.seed}`;
}

function saveBlob(blob, name) {
  const url = URL.createObjectURL(blob);
  exNode("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export class ShareDialog {
  constructor(studio) {
    this.studio = studio;
    this.rows = [
      this.row("Copy command", "The command that renders it"),
      this.row("Copy link", "The address of this page, with everything on it"),
      this.row("Copy recipe, TOML", "A preset's table, for a file of presets"),
      this.row("Copy recipe, JSON", "The whole recipe, for programs"),
    ];
    this.words = exNode("p", { class: "hint", role: "status" });
    this.dialog = makeDialog("Copy", ...this.rows.map(({ element }) => element), this.words);
  }

  row(words, about) {
    const text = exNode("textarea", { readonly: true, rows: 2, spellcheck: "false", "aria-label": `${about}, text` });
    const button = exNode("button", { type: "button", class: "main", onclick: () => this.copy(text, words) }, words);
    return { text, element: exNode("div", { class: "share" }, exNode("p", { class: "label" }, about), text, button) };
  }

  open() {
    const { data } = this.studio;
    const recipe = this.studio.visibleRecipe();
    const [command, link, toml, json] = this.rows;
    command.text.value = commandOf(data, recipe, ...this.studio.windowSize());
    link.text.value = location.href;
    toml.text.value = tomlOf(data, recipe);
    json.text.value = jsonOf(recipe);
    this.words.textContent = "";
    this.dialog.showModal();
  }

  async copy(text, words) {
    try {
      await navigator.clipboard.writeText(text.value);
      this.dialog.close();
      this.studio.say(words.replace("Copy", "Copied the"));
    } catch {
      text.focus();
      text.select(); // the browser forbids it: one more key copies it
      this.words.textContent = "The browser forbids copying by a button; the text is selected, press Ctrl-C.";
    }
  }
}

export class HelpDialog {
  // `keys`: [[keys, what they do]]; `shortcuts` is {on}, which the box changes.
  constructor(keys, shortcuts, about) {
    const rows = keys.map(([names, words]) => exNode("div", {}, exNode("dt", {}, ...names.map((name) => exNode("kbd", {}, name))), exNode("dd", {}, words)));
    const box = exNode("input", { type: "checkbox", role: "switch", checked: true, onchange: () => { shortcuts.on = box.checked; } });
    this.dialog = makeDialog("Keys", exNode("dl", { class: "keys" }, ...rows),
      exNode("label", { class: "control switch" }, exNode("span", {}, "Single keys do something"), box),
      exNode("p", { class: "hint" }, about));
  }

  open() {
    this.dialog.showModal();
  }
}
