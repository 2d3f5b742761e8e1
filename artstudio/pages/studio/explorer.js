// The activation explorer: f and f' of one or several functions, a point to drag, and what follows from its slope.

import { EX_SATURATED, exFindBreaks, exSample } from "./breaks.js";
import { ExChart } from "./chart.js";
import { ExDepth } from "./depth.js";
import { parseExpression } from "./expression.js";
import { arrangeExplorer, EX_FARTHEST, EX_MOST, EX_RANGES, explorerReadings, explorerScene } from "./explorerscene.js";
import { activationList, softmaxOf } from "./functions.js";
import { exFormula, exNumber, MASK } from "./formula.js";
import { number, t } from "./language.js";
import { exIcon, exNode, exOnResize, exSet } from "./nodes.js";
import { ExSoftmax } from "./softmax.js";
import { exStrokes } from "./strokes.js";
import { clamped } from "./values.js";

const EX_FIRST = ["step", "sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu", "softmax"];

// `onPick` gets the name or the expression to paint with, `onState` what is shown after each change, as the address has it;
// `questions`, where there are any, has their `count` and `start()`.
export function mountExplorer(element, data, { activation = "sigmoid", onPick = null, onState = null, questions = null } = {}) {
  const explorer = new ActivationExplorer(element, data, onPick, questions);
  explorer.show(activation);
  explorer.onState = onState;
  return explorer;
}

class ActivationExplorer {
  constructor(element, data, onPick, questions) {
    this.functions = new Map(activationList(data).map((fn) => [fn.name, exPlottable(fn)]));
    this.onPick = onPick;
    this.state = { shown: [], focus: "", z: 1, half: 6, layers: 3 };
    this.slots = new Map();
    this.own = "";
    this.everything = false;
    this.ticks = null;
    this.masked = new Set();
    this.build(element, questions);
    exStrokes(this.root, data.strokes);
    exOnResize(this.charts, () => this.layOut());
  }

  build(element, questions) {
    const maths = (latex, plain) => exNode("span", { class: "ex-formula" }, exFormula(latex, plain));
    const handlers = { drag: (z) => this.move(z), key: (event) => this.key(event) };
    this.value = exNode("output", { "aria-live": "off" });
    this.slope = exNode("output", { "aria-live": "off" });
    this.panels = [
      new ExChart("f", [maths("f(z) =", "f(z) ="), this.value], handlers),
      new ExChart("slope", [maths("f ′(z) =", "f′(z) ="), this.slope], handlers),
    ];
    this.title = exNode("h2", {});
    this.formula = exNode("p", { class: "ex-formula" });
    this.about = exNode("p", { class: "ex-about" });
    this.zField = exNode("input", { type: "number", step: 0.1, min: -EX_FARTHEST, max: EX_FARTHEST, "aria-label": "z", oninput: () => this.type() });
    this.zField.addEventListener("blur", () => this.point());
    this.chips = exNode("div", { class: "ex-chips", role: "group", "aria-label": t("Functions") });
    this.slider = exNode("input", { type: "range", step: 0.01, "aria-label": "z", oninput: () => this.move(Number(this.slider.value)) });
    this.narrower = exNode("button", { type: "button", class: "ex-quiet", "aria-label": t("Smaller range of z"), onclick: () => this.zoom(-1) }, "−");
    this.wider = exNode("button", { type: "button", class: "ex-quiet", "aria-label": t("Larger range of z"), onclick: () => this.zoom(1) }, "+");
    this.range = exNode("span", { class: "ex-range" });
    this.remark = exNode("p", { class: "ex-remark" });
    this.table = exNode("table", { class: "ex-table" });
    this.paint = exNode("button", { type: "button", class: "ex-button", onclick: () => this.onPick(this.state.focus) });
    this.charts = exNode("div", { class: "ex-charts" }, ...this.panels.map((panel) => panel.element));
    this.depth = new ExDepth({ deep: (layers) => this.set({ layers }) });
    this.softmax = new ExSoftmax(() => this.onState?.(explorerScene(this)));
    this.root = exNode("div", { class: "explorer" },
      exNode("div", { class: "ex-top" },
        exNode("div", { class: "ex-title" }, this.title, this.formula, this.about),
        exNode("div", { class: "ex-actions" }, this.onPick ? this.paint : null, this.opener(questions))),
      this.chips, this.ownField(), this.charts,
      exNode("div", { class: "ex-slide ex-zslide" }, maths("z =", "z ="), this.zField, this.slider, this.narrower, this.range, this.wider),
      this.remark, this.table,
      exNode("div", { class: "ex-parts" }, this.depth.element, this.softmax.element));
    element.replaceChildren(this.root);
  }

  opener(questions) {
    return questions && exNode("button", { type: "button", class: "ex-button", onclick: () => questions.start() }, t("{count} questions", { count: questions.count }));
  }

  ownField() {
    this.ownError = exNode("p", { class: "ex-error", id: "ex-own-error", role: "status" });
    this.ownCaret = exNode("span", { class: "ex-caret", "aria-hidden": "true" }, "▲");
    this.ownInput = exNode("input", {
      type: "text", class: "ex-own", maxlength: 500, spellcheck: "false", autocomplete: "off", autocapitalize: "off",
      placeholder: t("your own, such as max(0.1*z, z)"), "aria-label": t("Your own function of z"), "aria-describedby": "ex-own-error",
      oninput: () => this.typeOwn(),
    });
    this.ownCaret.hidden = true;
    const line = exNode("div", { class: "ex-typed" }, this.ownInput, this.ownCaret);
    return exNode("div", { class: "ex-ownfield" }, exFormula("f(z) =", "f(z) ="), line, this.ownError);
  }

  // The function of a name, an alias or an expression; throws an Error for what is none.
  find(name) {
    if (!this.functions.has(name)) {
      const known = [...this.functions.values()].find((fn) => (fn.aliases || []).includes(name));
      if (known) return known;
      const { f, slope } = parseExpression(name);
      this.functions.set(name, { name, label: name, own: true, f, slope, breaks: exFindBreaks(f, slope) });
    }
    return this.functions.get(name);
  }

  show(name) {
    try {
      const { name: key } = this.find(name);
      this.set({ shown: this.state.shown.includes(key) ? this.state.shown : [key], focus: key });
    } catch {
      // An activation of the picture that is no function of one z; what is shown stays.
    }
  }

  update(recipe) {
    const names = exParts(recipe.activation);
    if (names.join() === this.painted) return;
    this.painted = names.join();
    const keys = names.flatMap((name) => this.known(name)).slice(0, 6);
    this.followed = keys.join();
    if (keys.length && !this.asked) this.set({ shown: keys, focus: keys[0] });
  }

  // Shows what an address has.
  restore(scene) {
    arrangeExplorer(this, scene);
    const own = this.state.shown.find((name) => this.functions.get(name).own);
    if (own) [this.ownInput.value, this.own] = [own, own];
  }

  // Shows what a question has.
  arrange(scene) {
    arrangeExplorer(this, scene);
  }

  readings() {
    return explorerReadings(this);
  }

  // While a question is asked: the readouts that are `masked` show no numbers, and there is one `part`. null for none.
  ask(question) {
    this.asked = question !== null;
    this.masked = new Set(question?.masked);
    exSet(this.root, { "data-asked": question?.part ?? null });
    this.softmax.mask(this.masked.has("shares"));
    this.layOut();
  }

  // The key of a function in a list, or nothing.
  known(name) {
    try {
      return [this.find(name).name];
    } catch {
      return [];
    }
  }

  hover(preActivations) {
    this.ticks = preActivations;
    this.point();
  }

  set(changes) {
    const before = this.state;
    this.state = { ...before, ...changes };
    const { shown, half } = this.state;
    if (Math.abs(this.state.z) > half) this.state.half = EX_RANGES.find((range) => range >= Math.abs(this.state.z)) ?? 100;
    if (!shown.includes(this.state.focus)) this.state.focus = shown[shown.length - 1];
    const same = shown === before.shown && this.state.focus === before.focus && this.state.half === before.half;
    if (!same) this.layOut();
    else this.point();
  }

  move(z) {
    this.set({ z: clamped(z, -EX_FARTHEST, EX_FARTHEST) });
  }

  type() {
    const z = this.zField.valueAsNumber;
    if (!Number.isFinite(z)) return;
    this.move(z);
    if (this.state.z !== z) this.zField.value = this.state.z;
  }

  key(event) {
    const { z, half } = this.state;
    const step = event.shiftKey ? 1 : 0.1;
    const to = {
      ArrowLeft: z - step, ArrowDown: z - step, ArrowRight: z + step, ArrowUp: z + step,
      PageDown: z - 1, PageUp: z + 1, Home: -half, End: half,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.move(Math.min(half, Math.max(-half, Math.round(to * 100) / 100 + 0)));
  }

  zoom(by) {
    const half = EX_RANGES[EX_RANGES.indexOf(this.state.half) + by];
    if (half) this.set({ half, z: Math.min(half, Math.max(-half, this.state.z)) });
  }

  toggle(key) {
    const { shown } = this.state;
    if (!shown.includes(key)) this.set({ shown: [...shown, key].slice(-EX_MOST), focus: key });
    else if (shown.length > 1) this.set({ shown: shown.filter((name) => name !== key) });
  }

  typeOwn() {
    const text = this.ownInput.value.trim();
    const offset = this.ownInput.value.length - this.ownInput.value.trimStart().length;
    let key = "";
    let problem = null;
    try {
      if (text) key = this.find(text).name;
    } catch (error) {
      problem = error;
    }
    this.showProblem(problem, offset);
    if (problem) return;
    const before = this.own;
    const rest = this.state.shown.filter((name) => name !== before || before === key);
    this.own = key && this.functions.get(key).own ? key : "";
    if (key) this.set({ shown: rest.includes(key) ? rest : [...rest, key].slice(-EX_MOST), focus: key });
    else if (rest.length) this.set({ shown: rest });
    if (before && !this.state.shown.includes(before)) this.functions.delete(before); // one less for each letter typed
  }

  showProblem(problem, offset = 0) {
    const column = problem?.column;
    const words = problem ? problem.message : "";
    this.ownError.textContent = words;
    this.ownInput.setAttribute("aria-invalid", problem ? "true" : "false");
    this.ownCaret.hidden = !column;
    if (!column) return;
    this.ownCaret.style.setProperty("--column", column - 1 + offset);
    this.ownCaret.style.setProperty("--scrolled", `${this.ownInput.scrollLeft}px`);
  }

  curves() {
    const { shown, focus, half } = this.state;
    for (const key of [...this.slots.keys()]) if (!shown.includes(key)) this.slots.delete(key);
    for (const key of shown) {
      const taken = new Set(this.slots.values());
      if (!this.slots.has(key)) this.slots.set(key, Array.from({ length: EX_MOST }, (_, i) => i).find((i) => !taken.has(i)));
    }
    const ordered = [...shown.filter((key) => key !== focus), focus];
    return ordered.map((key) => {
      const fn = this.functions.get(key);
      return { key, fn, slot: this.slots.get(key), label: exClip(fn.label, 16), samples: exSample(fn, -half, half) };
    });
  }

  layOut() {
    if (!this.state.focus) return;
    const { half } = this.state;
    this.drawn = this.curves();
    for (const panel of this.panels) panel.layOut(this.drawn, -half, half);
    exSet(this.slider, { min: -half, max: half });
    this.range.textContent = `±${half}`;
    exSet(this.narrower, { disabled: half === EX_RANGES[0] });
    exSet(this.wider, { disabled: half === EX_RANGES[EX_RANGES.length - 1] });
    this.describe();
    this.fillChips();
    this.point();
  }

  describe() {
    const { fn, slot } = this.drawn[this.drawn.length - 1];
    this.title.textContent = fn.own ? t("Your own") : fn.label;
    this.title.className = `ex-text ex-slot-${slot}`;
    this.formula.replaceChildren(...exDefinition(fn));
    const words = [rangeWords(fn), fn.use, fn.convention];
    this.about.textContent = words.filter(Boolean).join(" · ");
    this.paint.textContent = t("Paint with {name}", { name: exClip(fn.label, 28) });
    this.remark.textContent = this.drawn.length > 1
      ? t("Bars below the curves, and the shade for the chosen one: |f′| < {limit}.", { limit: number(EX_SATURATED) })
      : t("Shaded: |f′| < {limit}.", { limit: number(EX_SATURATED) });
    this.table.hidden = this.drawn.length < 2;
    this.cells = new Map();
    const head = exNode("tr", {}, exNode("th", { scope: "col" }, t("function")), exNode("th", { scope: "col" }, "f(z)"),
      exNode("th", { scope: "col" }, "f′(z)"), exNode("td"));
    const rows = this.state.shown.map((key) => this.tableRow(this.drawn.find((curve) => curve.key === key)));
    this.table.replaceChildren(exNode("thead", {}, head), exNode("tbody", {}, ...rows));
  }

  tableRow({ key, fn, slot }) {
    const cells = [exNode("td"), exNode("td")];
    this.cells.set(key, cells);
    const choose = exNode("button", {
      type: "button", "aria-pressed": key === this.state.focus ? "true" : "false", class: `ex-text ex-slot-${slot}`,
      onclick: () => { this.set({ focus: key }); this.table.querySelector('[aria-pressed="true"]').focus(); },
    }, exNode("span", { class: `ex-swatch ex-slot-${slot}` }), exClip(fn.label, 40));
    const drop = exNode("button", {
      type: "button", class: "ex-quiet", "aria-label": t("Remove {name}", { name: fn.label }), onclick: () => { this.toggle(key); this.slider.focus(); },
    }, exIcon("M6 6l12 12M18 6L6 18"));
    return exNode("tr", {}, exNode("th", { scope: "row" }, choose), ...cells, exNode("td", {}, drop));
  }

  fillChips() {
    const known = [...this.functions.values()].filter((fn) => !fn.own);
    const first = EX_FIRST.filter((name) => this.functions.has(name));
    const rest = known.map((fn) => fn.name).filter((name) => !first.includes(name));
    const visible = [...first, ...rest.filter((name) => this.everything || this.state.shown.includes(name))];
    const focused = this.chips.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const chips = visible.map((key) => {
      const on = this.state.shown.includes(key);
      const slot = on ? ` ex-slot-${this.slots.get(key)}` : "";
      return exNode("button", {
        type: "button", class: `ex-chip${slot}`, "aria-pressed": on ? "true" : "false", "data-key": key, onclick: () => this.toggle(key),
      }, this.functions.get(key).label);
    });
    const more = exNode("button", {
      type: "button", class: "ex-chip ex-more", "aria-expanded": this.everything ? "true" : "false", "data-key": "*more",
      onclick: () => { this.everything = !this.everything; this.fillChips(); },
    }, this.everything ? t("Fewer") : t("All {count}", { count: known.length }));
    this.chips.replaceChildren(...chips, more);
    [...this.chips.children].find((chip) => chip.dataset.key === focused)?.focus();
  }

  point() {
    if (!this.drawn) return;
    const { z, layers } = this.state;
    const { fn } = this.drawn[this.drawn.length - 1];
    const [value, slope] = [fn.f(z), fn.slope(z)];
    const shown = (readout, number) => (this.masked.has(readout) ? MASK : exNumber(number));
    const tell = (output, readout, number) => {
      output.textContent = shown(readout, number);
      exSet(output, { "data-value": this.masked.has(readout) ? null : number });
    };
    for (const panel of this.panels) {
      panel.point(z, this.ticks);
      exSet(panel.handle, {
        "aria-valuemin": -this.state.half, "aria-valuemax": this.state.half, "aria-valuenow": z,
        "aria-valuetext": t("z = {z}, f(z) = {value}, slope {slope}", { z: exNumber(z), value: shown("f", value), slope: shown("slope", slope) }),
      });
    }
    if (document.activeElement !== this.zField) this.zField.value = Number(z.toPrecision(6));
    this.slider.value = z;
    tell(this.value, "f", value);
    tell(this.slope, "slope", slope);
    for (const { key, fn: other } of this.drawn) {
      const [first, second] = this.cells.get(key);
      tell(first, "f", other.f(z));
      tell(second, "slope", other.slope(z));
    }
    this.depth.show(this.drawn, z, layers, this.masked.has("product"));
    this.onState?.(explorerScene(this));
  }
}

// A function that can be drawn over one z: softmax with two other scores held at 0.
function exPlottable(fn) {
  if (fn.elementwise !== false) return fn;
  const share = (z) => softmaxOf([z, 0, 0], 1)[0];
  return { ...fn, f: share, slope: (z) => share(z) * (1 - share(z)), use: `${t("here for scores (z, 0, 0)")} · ${fn.use}` };
}

function rangeWords({ rangeText }) {
  return rangeText ? t("range {range}", { range: rangeText.replace("inf", "∞").replace(/^R$/, "ℝ") }) : "";
}

function exDefinition(fn) {
  if (fn.latex) return [exFormula(String.raw`f(z) = ${fn.latex}`, `f(z) = ${fn.formula}`)];
  return [exFormula("f(z) =", "f(z) ="), exNode("code", {}, ` ${fn.formula ?? fn.name}`)];
}

function exClip(text, limit) {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

// The single activations of a recipe's list, those of mixtures one by one.
function exParts(activations) {
  const parts = [activations].flat().flatMap((name) => {
    const mixture = /^mix\((.*)\)$/.exec(name);
    return mixture ? mixture[1].split(",").map((part) => part.split(":")[0].trim()) : [name];
  });
  return [...new Set(parts)];
}
