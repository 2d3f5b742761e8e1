// A tile of learn mode: what one network shows, how well it does, and what happens in its layers.

import { activationCurve } from "./activationpicker.js";
import { exNumber } from "./formula.js";
import { number, t } from "./language.js";
import { paintTarget } from "./learnfield.js";
import { initLabel } from "./learnstart.js";
import { exIcon, exNode, exSet, exSvg } from "./nodes.js";
import { clamped } from "./values.js";

const LEAST_GRADIENT = -8; // powers of ten: the ends of the bars
const MOST_GRADIENT = 1;
const LOCK = "M7 11V8a5 5 0 0 1 10 0v3M5.500 11h13v9h-13z";
const SAVE = "M12 4v11M7.500 11L12 15.500 16.500 11M4.500 19.500h15";
const SHOW = "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9v.01";
const DROP = "M7 7l10 10M17 7L7 17";

export class LearnTile {
  // `acts`: {drop, save, show}, called with the tile's learner; `show` may be null. `rate` is the control of a learning
  // rate of its own.
  constructor(data, learner, slot, acts, rate) {
    Object.assign(this, { data, learner, slot, rate });
    const { record, problem: { target, settings } } = learner;
    const { label } = record;
    this.field = exNode("canvas", { class: "learn-field", role: "img", width: 2, height: 2 });
    this.points = target.kind === "points" ? exNode("canvas", { class: "learn-points", "aria-hidden": "true" }) : null;
    this.score = exNode("output", { class: "learn-score", "aria-live": "off" });
    this.note = exNode("p", { class: "learn-note", role: "status", hidden: true });
    const tool = (words, icon, act) => act && exNode("button", {
      type: "button", class: "small", title: words, "aria-label": words, onclick: () => act(learner),
    }, exIcon(icon));
    this.rows = learner.layers.map((layer, l) => this.row(layer.rows, l));
    const heads = [exNode("span", { class: "unseen" }, t("Layer")), t("Units"), t("Gradient"), t("Moved")].map((words) => exNode("th", { scope: "col" }, words));
    if (learner.hasNoSlope) this.tell(exIcon(LOCK), t("hidden layers moved 0"));
    this.element = exNode("article", { class: `learn-tile ex-slot-${slot}`, "aria-label": label },
      exNode("header", {}, activationCurve(record), exNode("h3", { class: "ex-text", title: label }, label), this.score),
      exNode("div", { class: "learn-frame" }, this.field, this.points, this.note, exNode("div", { class: "learn-acts" }, tool(t("Remove {activation}", { activation: label }), DROP, acts.drop),
        tool(t("Show the picture of {activation} in the studio", { activation: label }), SHOW, acts.show),
        tool(t("Download the picture of {activation}", { activation: label }), SAVE, acts.save))),
      exNode("table", { class: "learn-layers" }, exNode("thead", {}, exNode("tr", {}, ...heads)), exNode("tbody", {}, ...this.rows.map(({ element }) => element))),
      rate?.element,
      exNode("footer", {}, t("{initialisation} start", { initialisation: initLabel(data, settings.init, record) })));
  }

  tell(...words) {
    this.note.replaceChildren(...words);
    this.note.hidden = false;
  }

  row(units, l) {
    const last = l === this.learner.layers.length - 1;
    const dots = last ? [] : Array.from({ length: units }, () => exSvg("path", {}));
    const across = acrossOf(units);
    const box = exSvg("svg", { class: "learn-dots", role: "img", preserveAspectRatio: "xMinYMid", viewBox: `0 0 ${10 * across} ${10 * Math.ceil(units / across)}` }, ...dots);
    box.style.setProperty("--lines", Math.ceil(units / across));
    const bar = () => exNode("span", { class: "learn-bar" });
    const number = () => exNode("span", {});
    const cells = { dots, box, gradient: bar(), gradientText: number(), moved: bar(), movedText: number() };
    cells.element = exNode("tr", {}, exNode("th", { scope: "row" }, last ? t("out") : String(l + 1)),
      exNode("td", {}, last ? null : box), exNode("td", {}, cells.gradientText, cells.gradient), exNode("td", {}, cells.movedText, cells.moved));
    return cells;
  }

  // Draws the field, `side` pixels a side, and the numbers; `reach` is what the longest bar of movement stands for.
  draw(painter, side, reach) {
    const { learner } = this;
    const { label } = learner.record;
    if (learner.diverged) {
      this.score.textContent = "–";
      if (!this.ended) this.tell(t("diverged; lower the learning rate"));
      this.ended = true;
      return;
    }
    const measured = learner.measure();
    const score = scoreText(learner, measured);
    this.score.textContent = score;
    painter.paint(this.field, learner, side);
    this.field.setAttribute("aria-label", t("What {activation} learned: {score}", { activation: label, score }));
    measured.layers.forEach((layer, l) => this.fill(this.rows[l], layer, reach));
  }

  fill(row, { gradient, moved, dead }, reach) {
    const share = (Math.log10(gradient) - LEAST_GRADIENT) / (MOST_GRADIENT - LEAST_GRADIENT);
    row.gradient.style.setProperty("--share", clamped(gradient ? share : 0, 0, 1));
    row.gradientText.textContent = exNumber(gradient, 1);
    row.moved.style.setProperty("--share", clamped(moved / reach, 0, 1));
    row.movedText.textContent = exNumber(moved, moved < 100 ? 2 : 3);
    if (!row.dots.length) return;
    const { hasNoSlope } = this.learner;
    const count = dead.filter(Boolean).length;
    const across = acrossOf(row.dots.length);
    row.dots.forEach((dot, u) => {
      const kind = hasNoSlope ? "no-slope" : dead[u] ? "dead" : "live";
      if (dot.dataset.kind === kind) return;
      dot.dataset.kind = kind;
      exSet(dot, { class: `learn-unit ${kind}`, d: unitPath(kind, 10 * (u % across) + 5, 10 * Math.floor(u / across) + 5) });
    });
    row.box.setAttribute("aria-label", hasNoSlope ? t("{units} units without a gradient", { units: row.dots.length })
      : t("{units} units, {dead} dead", { units: row.dots.length, dead: count }));
  }

  // The target's points over the field, as large as the tile is now.
  drawPoints(colours) {
    if (!this.points) return;
    const wide = this.field.clientWidth;
    if (!wide) return;
    const dense = Math.min(devicePixelRatio || 1, 3);
    paintTarget(this.points, this.learner.problem.target, colours, Math.round(wide * dense), clamped(wide / 90, 1.5, 5) * dense);
  }
}

export function scoreText({ problem: { target } }, { score }) {
  return target.kind === "points" ? t("{percent} %", { percent: number(100 * score, score === 1 ? 0 : 1) })
    : t("{decibels} dB", { decibels: number(score, 1) });
}

const acrossOf = (units) => Math.min(units, units > 16 ? 16 : 8);

// A disc; of a dead unit a ring with a cross, of one without a gradient a ring.
function unitPath(kind, x, y) {
  const r = kind === "live" ? 4.2 : 3.7;
  const ring = `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  return kind === "dead" ? `${ring}M${x - 2} ${y - 2}l4 4M${x + 2} ${y - 2}l-4 4` : ring;
}
