// Softmax: scores that can be dragged, the probabilities that they become, and the cross-entropy of one class.

import { softmaxOf } from "./functions.js";
import { exFormula, exNumber, MASK } from "./formula.js";
import { number, t } from "./language.js";
import { exNode, exSet } from "./nodes.js";

const EX_SCORE = 5;
export const EX_CLASSES = 8;

// p_i, its sum, and -ln p_i without the detour over a probability that may have rounded to 0.
export function exSoftmax(scores, temperature) {
  const p = [...softmaxOf(scores, temperature)];
  const z = scores.map((score) => score / temperature);
  const top = Math.max(...z);
  const whole = Math.log(z.reduce((sum, value) => sum + Math.exp(value - top), 0)) + top;
  return { p, sum: p.reduce((sum, value) => sum + value, 0), losses: z.map((value) => whole - value) };
}

export class ExSoftmax {
  // `changed()` is called after each change.
  constructor(changed = () => {}) {
    this.changed = changed;
    this.masked = false;
    this.state = { scores: [2.0, 1.0, 0.1], temperature: 1, chosen: 0 };
    this.rows = exNode("div", { class: "ex-rows", role: "group", "aria-label": t("Classes") });
    this.sum = exNode("output", { class: "ex-sum" });
    this.loss = exNode("output", { class: "ex-loss" });
    this.heat = exNode("input", {
      type: "range", min: -1, max: 1, step: 0.01, "aria-label": t("Temperature"),
      oninput: () => this.set({ temperature: Number((10 ** Number(this.heat.value)).toPrecision(3)) }),
    });
    this.heatText = exNode("output", { class: "ex-count" });
    this.fewer = exNode("button", { type: "button", class: "ex-quiet", "aria-label": t("One class fewer"),
      onclick: () => this.resize(-1) }, "−");
    this.more = exNode("button", { type: "button", class: "ex-quiet", "aria-label": t("One class more"),
      onclick: () => this.resize(1) }, "+");
    this.element = exNode("section", { class: "ex-part ex-softmax", tabindex: -1, "aria-label": "Softmax" },
      exNode("div", { class: "ex-head" },
        exNode("h3", {}, "Softmax"),
        exNode("span", { class: "ex-formula" }, exFormula(String.raw`p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}`, "p_i = e^(z_i / T) / sum_j e^(z_j / T)")),
        exNode("span", { class: "ex-classes" }, this.fewer, exNode("span", {}, t("classes")), this.more)),
      exNode("div", { class: "ex-titles", "aria-hidden": "true" }, exNode("span"), exNode("span", {}, t("score")),
        exNode("span"), exNode("span", {}, t("probability")), exNode("span")),
      this.rows,
      exNode("p", { class: "ex-totals" }, this.sum, this.loss),
      exNode("label", { class: "ex-slide" }, exNode("span", {}, t("Temperature")), this.heat, this.heatText));
    this.build();
  }

  set(changes) {
    const before = this.state.scores.length;
    this.state = { ...this.state, ...changes };
    this.state.chosen = Math.min(this.state.chosen, this.state.scores.length - 1);
    if (this.state.scores.length === before) this.draw();
    else this.build();
    this.changed();
  }

  // Whether the probabilities, and what follows from them, are hidden.
  mask(masked) {
    this.masked = masked;
    this.draw();
  }

  resize(by) {
    const { scores } = this.state;
    this.set({ scores: by > 0 ? [...scores, 0] : scores.slice(0, -1) });
  }

  build() {
    const { scores } = this.state;
    this.parts = scores.map((_, i) => this.row(i));
    this.rows.replaceChildren(...this.parts.map((part) => part.row));
    this.fewer.disabled = scores.length <= 2;
    this.more.disabled = scores.length >= EX_CLASSES;
    this.draw();
  }

  row(i) {
    const name = String.fromCharCode(65 + i);
    const pick = exNode("input", { type: "radio", name: "ex-class", "aria-label": t("Class {name} is the true one", { name }),
      onchange: () => this.set({ chosen: i }) });
    const score = exNode("input", { type: "range", min: -EX_SCORE, max: EX_SCORE, step: 0.1, "aria-label": t("Score of class {name}", { name }),
      oninput: () => this.set({ scores: this.state.scores.map((old, k) => (k === i ? Number(score.value) : old)) }) });
    const scoreBar = exNode("span", { class: "ex-bar" });
    const scoreText = exNode("output");
    const bar = exNode("span", { class: "ex-bar" });
    const text = exNode("output");
    const row = exNode("div", { class: "ex-row" },
      exNode("label", { class: "ex-class" }, pick, exNode("span", {}, name)),
      exNode("span", { class: "ex-track ex-score" }, score, scoreBar, exNode("span", { class: "ex-knob" })), scoreText,
      exNode("span", { class: "ex-track ex-share" }, bar), text);
    return { row, pick, score, scoreBar, scoreText, bar, text };
  }

  draw() {
    const { scores, temperature, chosen } = this.state;
    const { p, sum, losses } = exSoftmax(scores, temperature);
    this.parts.forEach((part, i) => {
      part.pick.checked = i === chosen;
      part.score.value = scores[i];
      const share = Math.min(1, Math.max(-1, scores[i] / EX_SCORE));
      part.row.style.setProperty("--from", Math.min(share, 0) / 2 + 0.5);
      part.row.style.setProperty("--long", Math.abs(share) / 2);
      part.row.style.setProperty("--knob", share / 2 + 0.5);
      part.row.style.setProperty("--share", this.masked ? 0 : p[i]);
      part.row.classList.toggle("ex-true", i === chosen);
      part.scoreText.textContent = exNumber(scores[i], 3);
      part.text.textContent = this.masked ? MASK : p[i] < 5e-4 ? exNumber(p[i], 2) : number(p[i], 3);
      exSet(part.text, { "data-value": this.masked ? null : p[i] });
    });
    const name = String.fromCharCode(65 + chosen);
    const loss = losses[chosen] + 0;
    this.sum.replaceChildren(t("sum"), " ", exNode("strong", {}, number(sum, 3)));
    this.loss.replaceChildren(t("cross-entropy of {name}: −ln p =", { name }), " ", exNode("strong", {}, loss < 1e-3 ? exNumber(loss, 2) : number(loss, 3)));
    this.sum.dataset.value = sum;
    this.loss.dataset.value = loss;
    this.loss.hidden = this.masked;
    this.heat.value = Math.log10(temperature);
    this.heat.setAttribute("aria-valuetext", exNumber(temperature, 3));
    this.heatText.textContent = exNumber(temperature, 3);
  }
}
