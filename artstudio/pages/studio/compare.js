// Compare: the same random draw with another activation, split by a line to drag, or many of them in a grid.

import { t } from "./language.js";
import { exNode } from "./nodes.js";
import { clamped, labelOf, rounded } from "./values.js";

const COMPARED_FIRST = ["step", "sigmoid", "tanh", "relu", "sine", "gaussian", "gelu", "softmax", "leaky_relu"];

export class Compare {
  constructor(studio, { stage, wall, divider, names, bar }) {
    Object.assign(this, { studio, stage, wall, divider, names, bar });
    const { activations } = studio.data;
    this.select = exNode("select", { "aria-label": t("Compare with"), onchange: () => studio.stage({ other: this.select.value }) },
      ...activations.map(({ name, label }) => exNode("option", { value: name }, label)));
    const view = (mode, words) => exNode("button", { type: "button", "data-mode": mode, "aria-pressed": "false", onclick: () => studio.stage({ mode }) }, words);
    this.views = [view("split", t("Split")), view("grid", t("Grid"))];
    this.all = exNode("button", {
      type: "button", class: "plain", onclick: () => studio.stage({ everything: !studio.scene.everything }),
    });
    this.controls = exNode("div", { class: "bar-part" },
      this.label = exNode("span", { class: "label" }), this.select, this.all,
      exNode("div", { class: "switcher", role: "group", "aria-label": t("Comparison") }, ...this.views));
    this.drag();
  }

  drag() {
    const place = (event) => {
      const box = this.stage.getBoundingClientRect();
      return clamped((event.clientX - box.left) / box.width, 0.02, 0.98);
    };
    const move = (divider) => this.studio.stage({ divider: rounded(divider, 3) });
    this.divider.addEventListener("pointerdown", (event) => {
      this.divider.setPointerCapture(event.pointerId);
      event.preventDefault();
      this.divider.focus();
    });
    this.divider.addEventListener("pointermove", (event) => {
      if (this.divider.hasPointerCapture(event.pointerId)) move(place(event));
    });
    this.divider.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 0.1 : 0.02;
      const now = this.studio.scene.divider;
      const to = { ArrowLeft: now - step, ArrowRight: now + step, Home: 0.02, End: 0.98 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      move(clamped(to, 0.02, 0.98));
    });
  }

  // The other recipe of a split, null where there is none.
  other() {
    const { recipe, scene } = this.studio;
    return scene.mode === "split" ? { ...recipe, activation: [this.partner()] } : null;
  }

  // What to compare with when nothing was chosen: something different at a glance.
  partner() {
    const { recipe, scene, data } = this.studio;
    const known = (name) => data.activations.some((record) => record.name === name);
    if (known(scene.other)) return scene.other;
    return recipe.activation[0] === "step" ? "tanh" : "step";
  }

  grid() {
    const { data, scene, recipe } = this.studio;
    const records = scene.everything ? data.activations
      : COMPARED_FIRST.map((name) => data.activations.find((record) => record.name === name)).filter(Boolean);
    return records.map(({ name, label }) => ({
      key: `activation ${name}`, label: label, words: t("Paint with {name}", { name: label }),
      pressed: recipe.activation.length === 1 && recipe.activation[0] === name,
      recipe: { ...recipe, activation: [name] },
      onclick: () => {
        this.studio.change({ activation: [name] });
        this.studio.stage({ mode: "picture" });
      },
    }));
  }

  update() {
    const { scene, recipe, data } = this.studio;
    const split = scene.mode === "split";
    this.divider.hidden = !split;
    this.names.hidden = !split;
    this.select.hidden = !split;
    this.label.textContent = split ? t("Same draw with") : t("Same random draw, each calibrated");
    this.all.hidden = scene.mode !== "grid";
    this.all.textContent = scene.everything ? t("A few") : t("All {count}", { count: data.activations.length });
    this.select.value = this.partner();
    for (const button of this.views) button.setAttribute("aria-pressed", String(button.dataset.mode === scene.mode));
    this.stage.style.setProperty("--divider", `${100 * scene.divider}%`);
    this.divider.setAttribute("aria-valuenow", Math.round(100 * scene.divider));
    this.divider.setAttribute("aria-valuetext", `${Math.round(100 * scene.divider)} % ${recipe.activation.map((name) => labelOf(data, name)).join(", ")}`);
    this.names.children[0].textContent = recipe.activation.map((name) => labelOf(data, name)).join(", ");
    this.names.children[1].textContent = labelOf(data, this.partner());
  }
}
