// The control panel: a control for each field of the recipe whose record has one, in parts that fold away.

import { ActivationPicker } from "./activationpicker.js";
import { choiceControl, numberControl, severalControl, switchControl } from "./controls.js";
import { t } from "./language.js";
import { exIcon, exNode } from "./nodes.js";
import { PalettePicker } from "./palettepicker.js";
import { originPoint } from "./recipe.js";
import { usesPalette, valueOf } from "./values.js";
import { randomParts } from "./vary.js";

const OPEN_PARTS = ["Network", "Colour"];

// What builds a field's controls, by the kind that its record says: (studio, {name, label, ...}, field) -> controls.
const BUILDERS = {
  number: (studio, about) => [numberControl(studio, about)],
  switch: (studio, about) => [switchControl(studio, about)],
  choice: (studio, about, { choices }) => [choiceControl(studio, { ...about, options: choices.map((name) => [name, t(name)]) })],
  several: (studio, about) => [severalControl(studio, { ...about, options: studio.data[about.name].map(({ name, label }) => [name, label]) })],
  activation: (studio) => [new ActivationPicker(studio, studio)],
  colour: (studio, about) => [choiceControl(studio, { ...about, options: studio.data.colours.map(({ name, summary }) => [name, `${name}: ${summary}`]) })],
  palette: buildPalette,
  seed: buildSeed,
  symmetry: buildSymmetry,
  latent: buildLatent,
  origin: buildOrigin,
  pair: (studio, about) => buildPair(studio, about, (recipe) => valueOf(studio.data, recipe, about.name)),
};

export class Panel {
  // `studio` has data, recipe, change, attempt, settle, scene, randomParts; see app.js.
  constructor(element, studio) {
    this.studio = studio;
    this.controls = [];
    this.element = element;
    const parts = new Map();
    for (const [name, field] of Object.entries(studio.data.fields)) {
      if (!field.control) continue;
      const { part, kind, ...about } = field.control;
      parts.set(part, [...(parts.get(part) ?? []), ...BUILDERS[kind](studio, { name, ...about }, field)]);
    }
    parts.get("View").push(this.whole());
    element.append(this.start(), ...[...parts].map(([title, controls]) => this.part(t(title), OPEN_PARTS.includes(title), ...controls)));
  }

  // Where to begin: a preset, a picture's file; and what Randomise may change.
  start() {
    const { studio } = this;
    const { presets } = studio.data;
    const titles = new Map(presets.map(({ collection }) => [collection, []]));
    presets.forEach(({ collection, title }, i) => titles.get(collection).push(exNode("option", { value: i }, title)));
    const preset = exNode("select", {
      "aria-label": t("Begin with a preset"), onchange: () => {
        if (preset.value) studio.load({ ...studio.data.recipe, ...presets[preset.value].fields });
        preset.value = "";
      },
    }, exNode("option", { value: "" }, t("Presets")), ...[...titles].map(([label, options]) => exNode("optgroup", { label }, ...options)));
    const file = exNode("input", {
      type: "file", accept: "image/png,image/jpeg,image/webp,image/avif,image/tiff", class: "unseen", tabindex: -1, "aria-hidden": "true",
      onchange: () => { if (file.files.length) studio.open(file.files[0]); file.value = ""; },
    });
    const open = exNode("button", { type: "button", class: "plain", title: t("Or drop it anywhere on the page"), onclick: () => file.click() }, t("Open a picture"));
    const parts = randomParts(studio.data).map((name) => exNode("button", {
      type: "button", class: "chip", "aria-pressed": String(studio.randomParts.includes(name)), onclick: (event) => {
        const on = studio.randomParts.includes(name);
        if (on && studio.randomParts.length === 1) return;
        studio.randomParts = on ? studio.randomParts.filter((one) => one !== name) : [...studio.randomParts, name];
        event.currentTarget.setAttribute("aria-pressed", String(!on));
      },
    }, t(name)));
    return exNode("div", { class: "start" }, exNode("div", { class: "line" }, preset, open, file),
      exNode("div", { class: "control tall" }, exNode("span", { class: "label", id: "random-parts" }, t("Randomise changes")),
        exNode("div", { class: "chips", role: "group", "aria-labelledby": "random-parts" }, ...parts)));
  }

  whole() {
    const element = exNode("button", { type: "button", class: "plain", onclick: () => this.studio.change({ centre: [0, 0], zoom: 1, rotation: 0 }) }, t("Reset view"));
    return { element, update: () => {} };
  }

  // A part for what artstudio's own server adds; returns the element to fill.
  library() {
    const place = exNode("div", {});
    this.element.append(this.part(t("Render with artstudio"), false, { element: place, update: () => {} }));
    return place;
  }

  part(title, open, ...controls) {
    this.controls.push(...controls);
    return exNode("details", { open }, exNode("summary", {}, exNode("h2", {}, title), exIcon("M8 10l4 4 4-4")), ...controls.map((control) => control.element));
  }

  update(recipe) {
    for (const control of this.controls) control.update(recipe);
  }
}

function buildPalette(studio) {
  const picker = new PalettePicker(studio);
  return [{
    element: picker.element, update: (recipe) => {
      picker.element.hidden = !usesPalette(studio.data, recipe);
      picker.update(recipe);
    },
  }];
}

function buildSeed(studio, { name, label }, { least, most }) {
  const field = exNode("input", {
    type: "number", class: "number wide", id: name, min: least, max: most, step: 1, inputmode: "numeric",
    onchange: () => studio.change({ [name]: Math.min(most, Math.max(least, Math.round(field.valueAsNumber || 0))) }),
  });
  const move = (by, words, path) => exNode("button", {
    type: "button", class: "small", "aria-label": words, title: words,
    onclick: () => studio.change({ [name]: (studio.recipe[name] + by + most + 1) % (most + 1) }),
  }, exIcon(path));
  return [{
    element: exNode("div", { class: "control" }, exNode("label", { for: name }, label),
      move(-1, t("Previous seed"), "M14 7l-5 5 5 5"), field, move(1, t("Next seed"), "M10 7l5 5-5 5")),
    update: (recipe) => { if (document.activeElement !== field) field.value = recipe[name]; },
  }];
}

function buildPair(studio, about, read) {
  return [t("{name} x", { name: about.label }), t("{name} y", { name: about.label })].map((label, axis) => numberControl(studio, {
    ...about, name: `${about.name}_${axis}`, label,
    read: (recipe) => read(recipe)[axis],
    write: (value) => ({ [about.name]: read(studio.recipe).map((old, i) => (i === axis ? value : old)) }),
  }));
}

// Its two numbers, and a way back to the seed's own point; hidden while no input is measured from there.
function buildOrigin(studio, about) {
  const isUsed = ({ features }) => studio.data.features.some(({ name, centred }) => centred && features.includes(name));
  const drawn = exNode("button", { type: "button", class: "plain", onclick: () => studio.change({ [about.name]: "seed" }) }, t("As the seed draws it"));
  const controls = [...buildPair(studio, about, (recipe) => originPoint(studio.data, recipe)), {
    element: drawn, update: (recipe) => { drawn.disabled = recipe[about.name] === "seed"; },
  }];
  return controls.map(({ element, update }) => ({
    element, update: (recipe) => {
      element.hidden = !isUsed(recipe);
      update(recipe);
    },
  }));
}

// Its name and, where it takes one, the number of its folds.
function buildSymmetry(studio, { name, label }) {
  const { symmetries, limits } = studio.data;
  const counted = new Set(symmetries.filter((one) => one.counted).map((one) => one.name));
  const foldsOf = (recipe) => Number(recipe[name].split(":")[1] ?? 6);
  const kindOf = (recipe) => recipe[name].split(":")[0];
  const folds = numberControl(studio, {
    name: "folds", label: t("Folds"), low: 2, high: limits.folds, read: foldsOf, write: (value) => ({ [name]: `${kindOf(studio.recipe)}:${value}` }),
  });
  const choice = choiceControl(studio, {
    name, label, options: symmetries.map((one) => [one.name, one.label]), read: kindOf,
    write: (kind) => ({ [name]: counted.has(kind) ? `${kind}:${foldsOf(studio.recipe)}` : kind }),
  });
  return [choice, { element: folds.element, update: (recipe) => { folds.element.hidden = !counted.has(kindOf(recipe)); folds.update(recipe); } }];
}

function buildLatent(studio, { name, label }) {
  const list = exNode("div", { class: "latent" });
  const put = (i, value, moving) => studio.change({ [name]: studio.latentValues().map((old, k) => (k === i ? Number(value) : old)) }, { moving });
  const fewer = exNode("button", { type: "button", class: "small", "aria-label": t("One latent value fewer"), onclick: () => studio.change({ [name]: studio.latentValues().slice(0, -1) }) }, exIcon("M6 12h12"));
  const more = exNode("button", { type: "button", class: "small", "aria-label": t("One latent value more"), onclick: () => studio.change({ [name]: [...studio.latentValues(), 0] }) }, exIcon("M12 6v12M6 12h12"));
  const sliders = [];
  const update = () => {
    const values = studio.latentValues();
    while (sliders.length > values.length) sliders.pop().remove();
    while (sliders.length < values.length) {
      const i = sliders.length;
      const slider = exNode("input", {
        type: "range", min: -3, max: 3, step: 0.01, "aria-label": t("Latent value {number}", { number: i + 1 }),
        oninput: () => put(i, slider.value, true), onchange: () => studio.settle(),
      });
      sliders.push(slider);
      list.append(slider);
    }
    values.forEach((value, i) => {
      sliders[i].value = value;
      sliders[i].style.setProperty("--filled", (Number(sliders[i].value) + 3) / 6);
    });
    fewer.disabled = values.length === 0;
    more.disabled = values.length >= studio.data.limits.latent;
  };
  return [{ element: exNode("div", { class: "control tall" }, exNode("div", { class: "line" }, exNode("span", { class: "label" }, label), fewer, more), list), update }];
}
