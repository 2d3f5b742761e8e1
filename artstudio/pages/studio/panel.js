// The control panel: everything that a recipe holds, in five parts that fold away.

import { ActivationPicker } from "./activationpicker.js";
import { choiceControl, numberControl, severalControl, switchControl } from "./controls.js";
import { exIcon, exNode } from "./nodes.js";
import { PalettePicker } from "./palettepicker.js";
import { fieldOf, usesPalette } from "./values.js";
import { RANDOM_PARTS } from "./vary.js";

export class Panel {
  // `studio` has data, recipe, change, attempt, settle, scene, randomParts; see app.js.
  constructor(element, studio) {
    this.studio = studio;
    this.picker = new ActivationPicker(studio, studio);
    this.palettes = new PalettePicker(studio);
    this.controls = [this.picker, this.palettes];
    this.element = element;
    element.append(
      this.start(),
      this.part("Network", true, this.picker, this.seed(), ...this.network()),
      this.part("Colour", true, ...this.colour()),
      this.part("Space", false, ...this.space()),
      this.part("Finish", false, ...this.finish()),
      this.part("View", false, ...this.view()));
  }

  // Where to begin: a preset, a picture's file; and what Randomise may change.
  start() {
    const { studio } = this;
    const { presets } = studio.data;
    const titles = new Map(presets.map(({ collection }) => [collection, []]));
    presets.forEach(({ collection, title }, i) => titles.get(collection).push(exNode("option", { value: i }, title)));
    const preset = exNode("select", {
      "aria-label": "Begin with a preset", onchange: () => {
        if (preset.value) studio.load({ ...studio.data.recipe, ...presets[preset.value].fields });
        preset.value = "";
      },
    }, exNode("option", { value: "" }, "Presets"), ...[...titles].map(([label, options]) => exNode("optgroup", { label }, ...options)));
    const file = exNode("input", {
      type: "file", accept: "image/png,image/jpeg,image/webp,image/avif,image/tiff", class: "unseen", tabindex: -1, "aria-hidden": "true",
      onchange: () => { if (file.files.length) studio.open(file.files[0]); file.value = ""; },
    });
    const open = exNode("button", { type: "button", class: "plain", title: "Or drop it anywhere on the page", onclick: () => file.click() }, "Open a picture");
    const parts = RANDOM_PARTS.map((name) => exNode("button", {
      type: "button", class: "chip", "aria-pressed": String(studio.randomParts.includes(name)), onclick: (event) => {
        const on = studio.randomParts.includes(name);
        if (on && studio.randomParts.length === 1) return;
        studio.randomParts = on ? studio.randomParts.filter((one) => one !== name) : [...studio.randomParts, name];
        event.currentTarget.setAttribute("aria-pressed", String(!on));
      },
    }, name));
    return exNode("div", { class: "start" }, exNode("div", { class: "line" }, preset, open, file),
      exNode("div", { class: "control tall" }, exNode("span", { class: "label", id: "random-parts" }, "Randomise changes"),
        exNode("div", { class: "chips", role: "group", "aria-labelledby": "random-parts" }, ...parts)));
  }

  // A part for what artstudio's own server adds; returns the element to fill.
  library() {
    const place = exNode("div", {});
    this.element.append(this.part("Render with artstudio", false, { element: place, update: () => {} }));
    return place;
  }

  part(title, open, ...controls) {
    this.controls.push(...controls);
    return exNode("details", { open }, exNode("summary", {}, exNode("h2", {}, title), exIcon("M8 10l4 4 4-4")), ...controls.map((control) => control.element));
  }

  number(name, label, low, high, options = {}) {
    return numberControl(this.studio, { name, label, low, high, ...options });
  }

  seed() {
    const { studio } = this;
    const { least, most } = fieldOf(studio.data, "seed");
    const field = exNode("input", {
      type: "number", class: "number wide", id: "seed", min: least, max: most, step: 1, inputmode: "numeric",
      onchange: () => studio.change({ seed: Math.min(most, Math.max(least, Math.round(field.valueAsNumber || 0))) }),
    });
    const move = (by, words, path) => exNode("button", {
      type: "button", class: "small", "aria-label": words, title: words,
      onclick: () => studio.change({ seed: (studio.recipe.seed + by + most + 1) % (most + 1) }),
    }, exIcon(path));
    return {
      element: exNode("div", { class: "control" }, exNode("label", { for: "seed" }, "Seed"),
        move(-1, "Seed before", "M14 7l-5 5 5 5"), field, move(1, "Next seed", "M10 7l5 5-5 5")),
      update: (recipe) => { if (document.activeElement !== field) field.value = recipe.seed; },
    };
  }

  network() {
    return [
      this.number("units", "Units", 2, 64),
      this.number("depth", "Depth", 1, 16),
      this.number("gain", "Gain", 0.2, 5, { digits: 2, log: true }),
      this.number("sparsity", "Sparsity", 0, 0.95, { digits: 2 }),
      switchControl(this.studio, { name: "skip", label: "Inputs enter every layer" }),
    ];
  }

  colour() {
    const { studio } = this;
    const models = studio.data.colours.map(({ name, summary }) => [name, `${name}: ${summary}`]);
    const palettes = this.palettes;
    return [
      choiceControl(studio, { name: "colour", label: "Model", options: models }),
      { element: palettes.element, update: (recipe) => { palettes.element.hidden = !usesPalette(studio.data, recipe); } },
      choiceControl(studio, { name: "gamut", label: "Outside of sRGB", options: fieldOf(studio.data, "gamut").choices.map((name) => [name, name]) }),
    ];
  }

  space() {
    const { studio } = this;
    const counted = new Set(studio.data.symmetries.filter((one) => one.counted).map((one) => one.name));
    const foldsOf = ({ symmetry }) => Number(symmetry.split(":")[1] ?? 6);
    const folds = numberControl(studio, {
      name: "folds", label: "Folds", low: 2, high: studio.data.limits.folds, read: foldsOf,
      write: (value) => ({ symmetry: `${studio.recipe.symmetry.split(":")[0]}:${value}` }),
    });
    return [
      severalControl(studio, { name: "features", label: "Inputs", options: studio.data.features.map(({ name, label }) => [name, label]) }),
      choiceControl(studio, {
        name: "symmetry", label: "Symmetry", options: studio.data.symmetries.map(({ name, label }) => [name, label]),
        read: ({ symmetry }) => symmetry.split(":")[0],
        write: (name) => ({ symmetry: counted.has(name) ? `${name}:${foldsOf(studio.recipe)}` : name }),
      }),
      { element: folds.element, update: (recipe) => { folds.element.hidden = !recipe.symmetry.includes(":"); folds.update(recipe); } },
      this.number("fourier", "Random waves", 0, 32),
      this.number("fourier_scale", "Their fineness", 0.1, 10, { digits: 2, log: true }),
      this.number("warp", "Warp", 0, 2, { digits: 2 }),
      this.number("warp_scale", "Its fineness", 0.1, 10, { digits: 2, log: true }),
      this.latent(),
    ];
  }

  latent() {
    const { studio } = this;
    const list = exNode("div", { class: "latent" });
    const put = (i, value, moving) => {
      const latent = [...studio.latentValues()];
      latent[i] = Number(value);
      studio.change({ latent }, { moving });
    };
    const resize = (by) => {
      const latent = [...studio.latentValues()];
      studio.change({ latent: by > 0 ? [...latent, 0] : latent.slice(0, -1) });
    };
    const fewer = exNode("button", { type: "button", class: "small", "aria-label": "One latent value fewer", onclick: () => resize(-1) }, exIcon("M6 12h12"));
    const more = exNode("button", { type: "button", class: "small", "aria-label": "One latent value more", onclick: () => resize(1) }, exIcon("M12 6v12M6 12h12"));
    const sliders = [];
    return {
      element: exNode("div", { class: "control tall" }, exNode("div", { class: "line" }, exNode("span", { class: "label" }, "Latent values"), fewer, more), list),
      update: () => {
        const values = studio.latentValues();
        while (sliders.length > values.length) sliders.pop().remove();
        while (sliders.length < values.length) {
          const i = sliders.length;
          const slider = exNode("input", {
            type: "range", min: -3, max: 3, step: 0.01, "aria-label": `Latent value ${i + 1}`,
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
      },
    };
  }

  finish() {
    const { studio } = this;
    return [
      numberControl(studio, {
        name: "bands", label: "Bands", low: 0, high: 24,
        write: (value) => ({ bands: value === 1 ? (studio.recipe.finish.bands > 1 ? 0 : 2) : value }),
      }),
      this.number("contours", "Contours", 0, 32),
      this.number("relief", "Relief", 0, 1, { digits: 2 }),
      switchControl(studio, { name: "dither", label: "Dither" }),
    ];
  }

  view() {
    const { studio } = this;
    const centre = (axis, label) => numberControl(studio, {
      name: `centre_${axis}`, label, low: -2, high: 2, digits: 3,
      read: ({ view }) => view.centre[axis],
      write: (value) => ({ centre: studio.recipe.view.centre.map((old, i) => (i === axis ? value : old)) }),
    });
    const reset = exNode("button", { type: "button", class: "plain", onclick: () => studio.change({ centre: [0, 0], zoom: 1, rotation: 0 }) }, "Back to the whole");
    return [
      this.number("zoom", "Zoom", 0.1, 100, { digits: 3, log: true }),
      this.number("rotation", "Rotation", -180, 180, { digits: 1, unit: "°" }),
      centre(0, "Centre, across"), centre(1, "Centre, down"),
      { element: reset, update: () => {} },
    ];
  }

  update(recipe) {
    for (const control of this.controls) control.update(recipe);
  }
}
