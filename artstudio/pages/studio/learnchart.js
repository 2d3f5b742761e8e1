// The losses of all networks in one chart, on a logarithmic scale, each line with its name.

import { exApart, exTicks, exTickText } from "./chart.js";
import { exRaised } from "./formula.js";
import { listed, localDigits, number, t } from "./language.js";
import { exNode, exOnResize, exSet, exSvg } from "./nodes.js";

const MOST_POINTS = 300; // of a line
const LEAST_LOSS = 1e-8;

export class LossChart {
  constructor() {
    this.svg = exSvg("svg", { class: "learn-chart", role: "img" });
    this.caption = exNode("figcaption", {});
    this.element = exNode("figure", { class: "learn-loss" }, this.caption, this.svg);
    exOnResize(this.svg, () => this.draw());
  }

  // `lines`: [{losses, slot, label, diverged}]; `name` is what the loss is called.
  show(name, lines, steps) {
    this.shown = { name, lines, steps };
    this.draw();
  }

  draw() {
    if (!this.shown) return;
    const { name, lines, steps } = this.shown;
    this.caption.textContent = t("Loss: {name}, logarithmic scale", { name: t(name) });
    const { clientWidth: width, clientHeight: height } = this.svg;
    if (!width || !height) return;
    const em = parseFloat(getComputedStyle(this.svg).fontSize);
    const longest = Math.max(...lines.map(({ label }) => label.length));
    const box = { left: 3.4 * em, top: 0.8 * em, right: width - Math.min(0.3 * width, (2 + 0.6 * longest) * em), bottom: height - 1.8 * em };
    const { low, high } = lossRange(lines);
    const last = Math.max(steps, 20);
    const x = (step) => box.left + ((box.right - box.left) * step) / last;
    const y = (loss) => box.top + ((box.bottom - box.top) * (high - Math.log10(Math.max(loss, LEAST_LOSS)))) / (high - low);
    const nodes = [];
    const every = Math.max(1, Math.ceil((high - low) / Math.max(1, (box.bottom - box.top) / (2 * em))));
    for (let power = Math.ceil(low); power <= high; power += 1) {
      if (power % every) continue;
      nodes.push(exSvg("line", { class: "learn-rule", x1: box.left, x2: box.right, y1: y(10 ** power), y2: y(10 ** power) }),
        exSvg("text", { class: "learn-tick", x: box.left - 0.6 * em, y: y(10 ** power) + 0.35 * em, "text-anchor": "end" }, powerText(power)));
    }
    for (const step of exTicks(0, last, Math.max(2, (box.right - box.left) / em / 6))) {
      nodes.push(exSvg("text", { class: "learn-tick", x: x(step), y: height - 0.35 * em, "text-anchor": "middle" }, exTickText(step)));
    }
    const ends = lines.map(({ losses, slot, label, diverged }) => {
      nodes.push(exSvg("path", { class: `learn-line ex-line ex-slot-${slot}`, d: linePath(losses, x, y) }));
      const end = { x: x(losses.length - 1), y: y(losses.at(-1)), slot, label };
      if (diverged) nodes.push(exSvg("path", { class: `learn-line ex-line ex-slot-${slot}`, d: `M${end.x - 4} ${end.y - 4}l8 8m0 -8l-8 8` }));
      return end;
    });
    for (const { x: from, y: place, at, slot, label } of exApart(ends, 1.25 * em, box.top, box.bottom)) {
      nodes.push(
        exSvg("path", { class: `learn-lead ex-line ex-slot-${slot}`, d: `M${from + 3} ${place}L${box.right + 0.9 * em} ${at}` }),
        exSvg("text", { class: `learn-name ex-text ex-slot-${slot}`, x: box.right + 1.2 * em, y: at + 0.35 * em }, label));
    }
    const said = listed(lines.map(({ label, losses }) => `${label} ${localDigits(losses.at(-1).toPrecision(3))}`));
    exSet(this.svg, { viewBox: `0 0 ${width} ${height}`, "aria-label": t("Loss after {steps} steps: {losses}", { steps, losses: said }) });
    this.svg.replaceChildren(...nodes);
  }
}

// Powers of ten around all losses, a decade at least.
function lossRange(lines) {
  let [low, high] = [Infinity, -Infinity];
  for (const { losses } of lines) {
    for (const loss of losses) {
      if (loss < low) low = loss;
      if (loss > high) high = loss;
    }
  }
  [low, high] = [low, high].map((loss) => Math.log10(Math.max(loss, LEAST_LOSS)));
  const air = 0.06 * (high - low) + 0.02;
  return high - low < 1 ? { low: Math.min(low - air, high - 1), high: high + air } : { low: low - air, high: high + air };
}

const powerText = (power) => (power >= -2 && power <= 3 ? number(10 ** power) : `10${exRaised(power)}`);

// Through the least and the greatest loss of every few steps, so that no spike is left out.
function linePath(losses, x, y) {
  const every = Math.max(1, Math.ceil((2 * losses.length) / MOST_POINTS));
  const points = [];
  for (let from = 0; from < losses.length; from += every) {
    let [least, most] = [from, from];
    for (let i = from; i < Math.min(losses.length, from + every); i += 1) {
      if (losses[i] < losses[least]) least = i;
      if (losses[i] > losses[most]) most = i;
    }
    points.push(Math.min(least, most), ...(least === most ? [] : [Math.max(least, most)]));
  }
  if (points.at(-1) !== losses.length - 1) points.push(losses.length - 1);
  return points.map((step, i) => `${i ? "L" : "M"}${x(step).toFixed(1)} ${y(losses[step]).toFixed(1)}`).join("");
}
