// Softmax: scores that can be dragged, the probabilities that they become, and the cross-entropy of one class.

import { softmaxOf } from "./functions.js";
import { exFormula, exNumber } from "./formula.js";
import { exNode, exSet } from "./nodes.js";

const EX_SCORE = 5;
const EX_CLASSES = 8;

// p_i, its sum, and -ln p_i without the detour over a probability that may have rounded to 0.
export function exSoftmax(scores, temperature) {
  const p = [...softmaxOf(scores, temperature)];
  const z = scores.map((score) => score / temperature);
  const top = Math.max(...z);
  const whole = Math.log(z.reduce((sum, value) => sum + Math.exp(value - top), 0)) + top;
  return { p, sum: p.reduce((sum, value) => sum + value, 0), losses: z.map((value) => whole - value) };
}

export class ExSoftmax {
  constructor() {
    this.state = { scores: [2.0, 1.0, 0.1], temperature: 1, chosen: 0 };
    this.rows = exNode("div", { class: "ex-rows", role: "group", "aria-label": "Classes" });
    this.sum = exNode("output", { class: "ex-sum" });
    this.loss = exNode("output", { class: "ex-loss" });
    this.heat = exNode("input", {
      type: "range", min: -1, max: 1, step: 0.01, "aria-label": "Temperature",
      oninput: () => this.set({ temperature: Number((10 ** Number(this.heat.value)).toPrecision(3)) }),
    });
    this.heatText = exNode("output", { class: "ex-count" });
    this.fewer = exNode("button", { type: "button", class: "ex-quiet", "aria-label": "One class fewer",
      onclick: () => this.resize(-1) }, "−");
    this.more = exNode("button", { type: "button", class: "ex-quiet", "aria-label": "One class more",
      onclick: () => this.resize(1) }, "+");
    this.element = exNode("section", { class: "ex-part ex-softmax", tabindex: -1, "aria-label": "Softmax" },
      exNode("div", { class: "ex-head" },
        exNode("h3", {}, "Softmax"),
        exNode("span", { class: "ex-formula" }, exFormula(String.raw`p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}`, "p_i = e^(z_i / T) / sum_j e^(z_j / T)")),
        exNode("span", { class: "ex-classes" }, this.fewer, exNode("span", {}, "classes"), this.more)),
      exNode("div", { class: "ex-titles", "aria-hidden": "true" }, exNode("span"), exNode("span", {}, "score"),
        exNode("span"), exNode("span", {}, "probability"), exNode("span")),
      this.rows,
      exNode("p", { class: "ex-totals" }, this.sum, this.loss),
      exNode("label", { class: "ex-slide" }, exNode("span", {}, "Temperature"), this.heat, this.heatText));
    this.build();
  }

  set(changes) {
    const before = this.state.scores.length;
    this.state = { ...this.state, ...changes };
    this.state.chosen = Math.min(this.state.chosen, this.state.scores.length - 1);
    if (this.state.scores.length === before) this.draw();
    else this.build();
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
    const pick = exNode("input", { type: "radio", name: "ex-class", "aria-label": `Class ${name} is the true one`,
      onchange: () => this.set({ chosen: i }) });
    const score = exNode("input", { type: "range", min: -EX_SCORE, max: EX_SCORE, step: 0.1, "aria-label": `Score of class ${name}`,
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
      part.row.style.setProperty("--share", p[i]);
      part.row.classList.toggle("ex-true", i === chosen);
      part.scoreText.textContent = exNumber(scores[i], 3);
      part.text.textContent = p[i] < 5e-4 ? exNumber(p[i], 2) : p[i].toFixed(3);
      exSet(part.text, { "data-value": p[i] });
    });
    const name = String.fromCharCode(65 + chosen);
    const loss = losses[chosen] + 0;
    this.sum.replaceChildren("sum ", exNode("strong", {}, sum.toFixed(3)));
    this.loss.replaceChildren(`cross-entropy of ${name}: −ln p = `, exNode("strong", {}, loss < 1e-3 ? exNumber(loss, 2) : loss.toFixed(3)));
    this.sum.dataset.value = sum;
    this.loss.dataset.value = loss;
    this.heat.value = Math.log10(temperature);
    this.heat.setAttribute("aria-valuetext", exNumber(temperature, 3));
    this.heatText.textContent = exNumber(temperature, 3);
  }
}
