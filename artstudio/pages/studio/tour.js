// The guided tour: questions that set the explorer's state; their answers are computed when they are asked for.

import { exNumber } from "./formula.js";
import { exIcon, exNode } from "./nodes.js";
import { exSoftmax } from "./softmax.js";

// Each step: `state` for the question and `then` for the answer (what ActivationExplorer.set takes, and `part`,
// `softmax`), the question, and the answer as a function of `at(name)` = {f, slope}.
const EX_STEPS = [
  {
    title: "A straight line stays straight",
    state: { shown: ["identity", "3*(0.5*z + 1) - 2"], focus: "3*(0.5*z + 1) - 2", z: 1, half: 6 },
    ask: "Two layers without an activation: 0.5z + 1, then 3y − 2. What does the stack look like?",
    answer: (at) => {
      const { f, slope } = at("3*(0.5*z + 1) - 2");
      const bend = exMost((z) => f(z) - (f(0) + slope(0) * z));
      return `One line: slope ${exNumber(slope(1))}, offset ${exNumber(f(0))}; it departs from that line by ${exNumber(bend, 2)} at most. Any depth collapses like this, so a network needs something that bends.`;
    },
  },
  {
    title: "On or off",
    state: { shown: ["step"], focus: "step", z: -1.5, half: 4 },
    then: { z: 1.5 },
    ask: "The step decides, and no more. Drag the point: how steep is it, anywhere?",
    answer: (at) => {
      const { f, slope } = at("step");
      const steep = exMost(slope);
      return `Its values are ${exNumber(f(-1))} and ${exNumber(f(1))}, its slope is ${exNumber(steep)} almost everywhere, and at the jump there is none: no gradient gets through, so no layer before it learns. And pictures of step look split, because each unit only says on which side of a line a pixel lies.`;
    },
  },
  {
    title: "The sigmoid's values",
    state: { shown: ["sigmoid"], focus: "sigmoid", z: 0, half: 6 },
    then: { z: 1 },
    ask: "What does the sigmoid give at 0, at 1 and at −1? What do the last two add up to?",
    answer: (at) => {
      const { f } = at("sigmoid");
      return `${exNumber(f(0))}, ${exNumber(f(1))} and ${exNumber(f(-1))}; the last two add up to ${exNumber(f(1) + f(-1))}. Always between 0 and 1, so it can be read as a probability, but it never averages zero.`;
    },
  },
  {
    title: "Where it saturates",
    state: { shown: ["sigmoid"], focus: "sigmoid", z: 0, half: 6 },
    then: { z: 5 },
    ask: "Its slope is greatest at 0. How much of it is left at ±5?",
    answer: (at) => {
      const { slope } = at("sigmoid");
      return `At 0 it is ${exNumber(slope(0))}, the most it can be; at 5 and at −5 it is ${exNumber(slope(5))}, about 1/${exNumber(slope(0) / slope(5), 2)} of that. In the shade hardly anything is learnt.`;
    },
  },
  {
    title: "A slope for free",
    state: { shown: ["sigmoid"], focus: "sigmoid", z: 0.85, half: 6 },
    then: (at) => ({ z: exSolve(at("sigmoid").f, 0.7) }),
    ask: "The sigmoid has just put out 0.7. Can you tell its slope without knowing z?",
    answer: (at) => {
      const z = exSolve(at("sigmoid").f, 0.7);
      const s = at("sigmoid").f(z);
      return `Yes: s(1 − s) = ${exNumber(s, 3)} × ${exNumber(1 - s, 3)} = ${exNumber(s * (1 - s), 3)}. The slope at z = ${exNumber(z)} is ${exNumber(at("sigmoid").slope(z), 3)}: the same, with no exponential to compute.`;
    },
  },
  {
    title: "Tanh is a sigmoid",
    state: { shown: ["sigmoid", "tanh"], focus: "tanh", z: 1, half: 4 },
    then: { shown: ["sigmoid", "tanh", "2*sigmoid(2*z) - 1"], focus: "2*sigmoid(2*z) - 1" },
    ask: "Tanh looks like the sigmoid, taller and steeper. Which sigmoid is it?",
    answer: (at) => {
      const apart = exMost((z) => at("tanh").f(z) - at("2*sigmoid(2*z) - 1").f(z));
      return `tanh(z) = 2σ(2z) − 1: over the range the two differ by ${exNumber(apart, 2)} at most. It is centred on zero and its slope reaches ${exNumber(at("tanh").slope(0))}, but at 5 it too has only ${exNumber(at("tanh").slope(5), 2)} left.`;
    },
  },
  {
    title: "ReLU",
    state: { shown: ["relu"], focus: "relu", z: 2, half: 6 },
    then: { z: 5 },
    ask: "What are ReLU's slopes at 5 and at −5? And at 0, where it has a corner?",
    answer: (at) => {
      const { slope } = at("relu");
      return `${exNumber(slope(5))} at 5, ${exNumber(slope(-5))} at −5, and at 0 it has none: ${exNumber(slope(0))} is taken by convention, the filled dot. It never saturates on the positive side.`;
    },
  },
  {
    title: "Dying and leaking",
    state: { shown: ["relu", "leaky_relu"], focus: "relu", z: -2, half: 6 },
    then: { focus: "leaky_relu" },
    ask: "A unit whose input is negative for every example: how does it come back to life?",
    answer: (at) => `As a ReLU it does not by itself: its slope is ${exNumber(at("relu").slope(-2))}, so its own weights get no gradient. It revives only if its inputs change, as they do when earlier layers move. A leaky ReLU passes on ${exNumber(at("leaky_relu").slope(-2))}: little, but not nothing.`,
  },
  {
    title: "Smooth relatives",
    state: { shown: ["relu", "gelu", "silu"], focus: "silu", z: 0, half: 4 },
    then: (at) => ({ z: exDip(at("silu")) }),
    ask: "GELU and SiLU follow ReLU. Where do they do something that ReLU never does?",
    answer: (at) => {
      const [silu, gelu] = ["silu", "gelu"].map((name) => exDip(at(name)));
      return `They dip below zero: SiLU to ${exNumber(at("silu").f(silu), 3)} at z = ${exNumber(silu, 3)}, GELU to ${exNumber(at("gelu").f(gelu), 3)} at z = ${exNumber(gelu, 3)}. There the slope is 0, and left of it negative: they are not monotonic, and have no corner.`;
    },
  },
  {
    title: "Slopes multiply",
    part: "depth",
    state: (at) => ({ shown: ["sigmoid"], focus: "sigmoid", z: exSolve(at("sigmoid").slope, 0.2), half: 6, layers: 1 }),
    then: { layers: 3 },
    ask: "Three layers, each with a slope of about 0.2: how much of the gradient do the slopes alone let through?",
    answer: (at) => {
      const slope = at("sigmoid").slope(exSolve(at("sigmoid").slope, 0.2));
      return `${exNumber(slope, 3)} × ${exNumber(slope, 3)} × ${exNumber(slope, 3)} = ${exNumber(slope ** 3, 3)}.`;
    },
  },
  {
    title: "Vanishing gradients",
    part: "depth",
    state: { shown: ["sigmoid", "relu"], focus: "sigmoid", z: 0, half: 6, layers: 1 },
    then: { layers: 20, z: 0 },
    ask: "Give every sigmoid the greatest slope it has. What is left after 20 layers?",
    answer: (at) => {
      const best = at("sigmoid").slope(0);
      return `${exNumber(best)} to the power of 20 is ${exNumber(best ** 20, 3)}: vanished. A ReLU that is on keeps ${exNumber(at("relu").slope(1) ** 20)}: move z to the right and see. The weights between the layers count as much as the slopes.`;
    },
  },
  {
    title: "Softmax",
    part: "softmax",
    state: {},
    softmax: { scores: [2.0, 1.0, 0.1], temperature: 1, chosen: 0 },
    ask: "Scores of 2, 1 and 0.1: what are the probabilities? Guess, then drag a score and watch the others.",
    answer: () => {
      const { p, sum, losses } = exSoftmax([2.0, 1.0, 0.1], 1);
      return `${p.map((share) => share.toFixed(2)).join(", ")}; they add up to ${exNumber(sum, 3)} whatever the scores. If the first class is the true one, the cross-entropy is −ln ${p[0].toFixed(3)} = ${losses[0].toFixed(3)}.`;
    },
  },
  {
    title: "Temperature",
    part: "softmax",
    state: {},
    softmax: { scores: [2.0, 1.0, 0.1], temperature: 1, chosen: 0 },
    thenSoftmax: { temperature: 0.5 },
    ask: "Divide the scores by a temperature first. Does 0.5 make the first class surer or less sure?",
    answer: () => {
      const [cold, usual, hot] = [0.5, 1, 2].map((temperature) => exSoftmax([2.0, 1.0, 0.1], temperature).p[0].toFixed(3));
      return `Surer: ${cold} at 0.5, ${usual} at 1, ${hot} at 2. Cold makes one class win, heat makes all alike.`;
    },
  },
];

export class ExTour {
  constructor(explorer) {
    this.explorer = explorer;
    this.open = false;
    this.opener = exNode("button", { type: "button", class: "ex-button", onclick: () => this.start() }, `Tour: ${EX_STEPS.length} questions`);
    this.position = exNode("p", { class: "ex-position" });
    this.question = exNode("p", { class: "ex-ask", tabindex: -1 });
    this.answer = exNode("p", { class: "ex-answer", role: "status" });
    this.back = this.button("Back", "M15 5l-7 7 7 7", () => this.go(this.step - 1));
    this.close = this.button("End the tour", "M6 6l12 12M18 6L6 18", () => this.end());
    this.next = exNode("button", { type: "button", class: "ex-button ex-main", onclick: () => this.forward() });
    this.element = exNode("aside", { class: "ex-tour", "aria-label": "Tour", hidden: true, onkeydown: (event) => this.key(event) },
      exNode("div", { class: "ex-words" }, this.position, this.question, this.answer),
      exNode("div", { class: "ex-steer" }, this.back, this.next, this.close));
  }

  button(label, path, onclick) {
    return exNode("button", { type: "button", class: "ex-quiet", "aria-label": label, onclick }, exIcon(path));
  }

  start() {
    this.open = true;
    this.element.hidden = false;
    this.go(0);
  }

  end() {
    this.open = false;
    cancelAnimationFrame(this.frame);
    this.element.hidden = true;
    this.opener.focus();
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.end();
  }

  at(name) {
    return this.explorer.find(name);
  }

  go(step) {
    this.step = step;
    this.told = false;
    const { title, state, softmax, ask } = EX_STEPS[step];
    this.position.textContent = `${step + 1} of ${EX_STEPS.length} · ${title}`;
    this.question.textContent = ask;
    this.answer.textContent = "";
    this.back.disabled = step === 0;
    this.next.textContent = "Show the answer";
    this.apply(state, softmax);
    this.reveal();
    this.next.focus({ preventScroll: true });
  }

  forward() {
    if (this.told && this.step + 1 === EX_STEPS.length) return this.end();
    if (this.told) return this.go(this.step + 1);
    const { then = {}, thenSoftmax, answer } = EX_STEPS[this.step];
    this.told = true;
    this.answer.textContent = answer((name) => this.at(name));
    this.next.textContent = this.step + 1 === EX_STEPS.length ? "Done" : "Next";
    this.apply(then, thenSoftmax);
    return this.reveal();
  }

  // Set the explorer, the point last: it glides there, so that one sees where it goes.
  apply(change, softmax) {
    const { z, ...state } = typeof change === "function" ? change((name) => this.at(name)) : change;
    for (const name of state.shown || []) this.at(name);
    this.explorer.set(state);
    if (softmax) this.explorer.softmax.set(softmax);
    if (z !== undefined) this.glide(z);
  }

  glide(z) {
    cancelAnimationFrame(this.frame);
    const from = this.explorer.state.z;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || from === z) return this.explorer.move(z);
    let start = null;
    const step = (now) => {
      start ??= now;
      const t = Math.min(1, (now - start) / 450);
      this.explorer.move(t < 1 ? from + (z - from) * t * t * (3 - 2 * t) : z);
      if (t < 1) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
    return undefined;
  }

  // Bring what the step is about above the words.
  reveal() {
    const { part } = EX_STEPS[this.step];
    const target = part ? this.explorer[part].element : this.explorer.charts;
    target.style.scrollMarginBottom = `${this.element.offsetHeight + 8}px`;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    target.scrollIntoView({ block: "nearest", behavior });
  }
}

// The greatest |g| on a grid over [-6, 6].
function exMost(g) {
  let most = 0;
  for (let i = -600; i <= 600; i += 1) most = Math.max(most, Math.abs(g(i / 100)));
  return most;
}

// The z in [low, high] where the monotonic g is `value`.
function exSolve(g, value, low = 0, high = 6) {
  const rising = g(high) > g(low);
  for (let i = 0; i < 80; i += 1) {
    const middle = (low + high) / 2;
    if (g(middle) < value === rising) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// Where a smooth relative of ReLU is least.
function exDip({ slope }) {
  return exSolve(slope, 0, -2, 0);
}
