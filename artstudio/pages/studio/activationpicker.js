// Choosing activations by their curves: one for all layers, or a list that is cycled over them.

import { activationList } from "./functions.js";
import { t } from "./language.js";
import { exIcon, exNode, exSvg } from "./nodes.js";
import { labelOf, splitList } from "./values.js";

const SHAPE = { width: 44, height: 26, half: 4 };

export class ActivationPicker {
  constructor(studio, host) {
    this.studio = studio;
    this.host = host; // shows what goes wrong: say(words)
    this.slot = 0;
    this.layers = exNode("div", { class: "layers", role: "group", "aria-label": t("Activations of the layers") });
    this.tiles = activationList(studio.data).map((fn) => [fn.name, activationTile(fn, () => this.pick(fn.name))]);
    const grid = exNode("div", { class: "activations", role: "group", "aria-label": t("Activation") }, ...this.tiles.map(([, tile]) => tile));
    this.field = exNode("input", {
      type: "text", class: "words", spellcheck: "false", autocomplete: "off", autocapitalize: "off", maxlength: 500,
      "aria-label": t("Activation in words"), onchange: () => this.type(),
    });
    const hint = exNode("p", { class: "hint" }, t("A name, a formula such as max(0.1*z, z), or mix(tanh:3, step)"));
    this.element = exNode("div", { class: "picker" }, this.layers, grid, this.field, hint);
  }

  pick(name) {
    const activation = [...this.studio.recipe.activation];
    activation[this.slot] = name;
    this.studio.change({ activation });
  }

  type() {
    const words = splitList(this.field.value);
    if (!words.length) this.update(this.studio.recipe);
    else if (this.studio.attempt({ activation: words })) this.host.say("");
  }

  add() {
    const { activation } = this.studio.recipe;
    this.slot = activation.length;
    this.studio.change({ activation: [...activation, activation[activation.length - 1]] });
    this.layers.querySelector('[aria-pressed="true"]')?.focus();
  }

  drop(slot) {
    const activation = this.studio.recipe.activation.filter((_, i) => i !== slot);
    this.slot = Math.min(this.slot, activation.length - 1);
    this.studio.change({ activation });
    this.layers.querySelector("button")?.focus();
  }

  update({ activation, depth }) {
    this.slot = Math.min(this.slot, activation.length - 1);
    const label = (name) => labelOf(this.studio.data, name);
    const several = activation.length > 1;
    const chosen = activation.map((name, i) => exNode("span", { class: "layer" },
      exNode("button", {
        type: "button", "aria-pressed": String(i === this.slot), title: layersOf(i, activation.length, depth),
        "aria-label": `${label(name)}, ${layersOf(i, activation.length, depth)}`, onclick: () => this.choose(i),
      }, exNode("span", { class: "place" }, several ? String(i + 1) : ""), label(name)),
      several ? exNode("button", { type: "button", class: "drop", "aria-label": t("Remove {name} from the list", { name: label(name) }), onclick: () => this.drop(i) }, exIcon("M7 7l10 10M17 7L7 17")) : null));
    const more = exNode("button", {
      type: "button", class: "more", disabled: activation.length >= 16, title: t("Another activation for every other layer"),
      "aria-label": t("Add an activation for other layers"), onclick: () => this.add(),
    }, exIcon("M12 5v14M5 12h14"));
    const focused = [...this.layers.querySelectorAll("button")].indexOf(document.activeElement);
    this.layers.replaceChildren(...chosen, more);
    if (focused >= 0) this.layers.querySelectorAll("button")[focused]?.focus();
    for (const [name, tile] of this.tiles) tile.setAttribute("aria-pressed", String(name === activation[this.slot]));
    if (document.activeElement !== this.field) this.field.value = activation.join(", ");
  }

  choose(slot) {
    this.slot = slot;
    this.update(this.studio.recipe);
  }
}

function layersOf(slot, count, depth) {
  if (count === 1) return t("all layers");
  const layers = Array.from({ length: depth }, (_, i) => i + 1).filter((layer) => (layer - 1) % count === slot);
  if (!layers.length) return t("no layer yet");
  return layers.length > 1 ? t("layers {numbers}", { numbers: layers.join(", ") }) : t("layer {number}", { number: layers[0] });
}

function activationTile(fn, onclick) {
  return exNode("button", { type: "button", "aria-pressed": "false", title: fn.label, "aria-label": fn.label, "data-name": fn.name, onclick },
    activationCurve(fn), exNode("span", { "aria-hidden": "true" }, fn.label));
}

// The curve over [-4, 4], scaled so that it fills the tile; jumps are not joined.
export function activationCurve(fn) {
  const { width, height, half } = SHAPE;
  const share = (z) => Math.exp(z) / (Math.exp(z) + 2); // softmax, with two other scores held at 0
  const f = fn.elementwise === false ? share : fn.f;
  const points = Array.from({ length: 89 }, (_, i) => [(i / 88) * width, f(((i - 44) / 44) * half)]).filter(([, y]) => Number.isFinite(y));
  const values = points.map(([, y]) => y);
  let [low, high] = [Math.max(-half, Math.min(...values)), Math.min(half, Math.max(...values))];
  if (high - low < 1e-9) [low, high] = [low - 1, high + 1];
  const place = (y) => height - 3 - ((Math.min(high + 1, Math.max(low - 1, y)) - low) / (high - low)) * (height - 6);
  const steep = (0.45 * (high - low));
  const path = points.map(([x, y], i) => `${i === 0 || Math.abs(y - points[i - 1][1]) > steep ? "M" : "L"}${x.toFixed(1)} ${place(y).toFixed(1)}`).join("");
  return exSvg("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, exSvg("path", { d: path }));
}
