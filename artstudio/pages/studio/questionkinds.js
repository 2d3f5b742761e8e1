// The kinds of questions: how each takes an answer, says whether it is right, and shows the right one.
//
// A kind is a function of the question and a context {computed(expression), find, learning(), random()}; it returns
// {element, check(), solve(), retry?}. `check()` gives {right, hint}, or {problem} for what is no answer and costs no try;
// `solve()` puts the right answer where the wrong one was.

import { isNear, typedAnswer } from "./answers.js";
import { parseExpression } from "./expression.js";
import { exNumber } from "./formula.js";
import { t } from "./language.js";
import { exIcon, exNode, exSet } from "./nodes.js";
import { ExpressionReader } from "./syntax.js";

const PLACES = 200; // where formulas are compared
const UP = "M6 15l6-6 6 6";
const DOWN = "M6 9l6 6 6-6";

export const QUESTION_KINDS = { number: numberKind, choice: choiceKind, order: orderKind, formula: formulaKind, state: goalKind, training: goalKind };

function numberKind({ answers, hints = [] }, { computed }) {
  const fields = answers.map(({ label }) => exNode("input", {
    type: "text", class: "ask-number", autocomplete: "off", spellcheck: "false", maxlength: 40, "aria-label": t(label),
  }));
  const labels = answers.map(({ label }, i) => exNode("label", {}, exNode("span", {}, `${t(label)} =`), fields[i]));
  const element = exNode("div", { class: "ask-numbers" }, ...labels);
  const value = ({ value: text }) => computed(text);
  return {
    element,
    check() {
      const typed = fields.map((field) => typedAnswer(field.value));
      const unread = typed.findIndex(Number.isNaN);
      if (unread >= 0) {
        fields[unread].focus();
        return { problem: fields[unread].value.trim() ? t("Expected a number such as 0.25, 1/4 or 6.6e-3.") : t("Type a number in each field.") };
      }
      const wrong = answers.map((answer, i) => !isNear(typed[i], value(answer), answer.tolerance ?? 0.02));
      labels.forEach((label, i) => markAnswer(label, !wrong[i], fields[i]));
      const first = wrong.indexOf(true);
      if (first < 0) return { right: true };
      const diagnosed = hints.find(({ given, at }) => wrong.some((is, i) => is && (!at || at === answers[i].label) && isNear(typed[i], computed(given), 0.02)));
      fields[first].focus();
      return { right: false, hint: diagnosed?.say };
    },
    solve() {
      fields.forEach((field, i) => {
        field.value = exNumber(value(answers[i]), 4);
        field.readOnly = true;
        markAnswer(labels[i], true, field);
      });
    },
  };
}

function choiceKind({ id, choices }, { computed }) {
  const isRight = ({ right = false }) => (typeof right === "boolean" ? right : computed(right) !== 0);
  const boxes = choices.map((_, i) => exNode("input", { type: "radio", name: `ask-${id}`, value: i }));
  const rows = choices.map(({ say }, i) => exNode("label", { class: "ask-choice" }, boxes[i], exNode("span", {}, t(say))));
  return {
    element: exNode("div", { class: "ask-choices", role: "radiogroup" }, ...shuffled(rows, id)),
    check() {
      const chosen = boxes.findIndex((box) => box.checked);
      if (chosen < 0) return { problem: t("Choose one of the answers.") };
      const right = isRight(choices[chosen]);
      markAnswer(rows[chosen], right);
      return { right, hint: choices[chosen].hint };
    },
    solve() {
      choices.forEach((choice, i) => {
        boxes[i].checked = isRight(choice);
        boxes[i].disabled = !boxes[i].checked;
        if (boxes[i].checked) markAnswer(rows[i], true);
      });
    },
  };
}

function orderKind({ id, lines }) {
  let order = shuffled(lines.map((_, i) => i), id);
  if (order.every((line, i) => line === i)) order.reverse();
  const list = exNode("ol", { class: "ask-lines" });
  const move = (place, by) => {
    const to = place + by;
    if (to < 0 || to >= order.length) return;
    [order[place], order[to]] = [order[to], order[place]];
    fill();
    list.children[to].querySelector(`[data-by="${by}"]:not(:disabled), button:not(:disabled)`).focus();
  };
  const button = (place, by, words, path) => exNode("button", {
    type: "button", class: "small", "data-by": by, "aria-label": words(t(lines[order[place]])),
    disabled: place + by < 0 || place + by >= order.length, onclick: () => move(place, by),
  }, exIcon(path));
  const fill = (open = true) => list.replaceChildren(...order.map((line, place) => exNode("li", {}, proofLine(t(lines[line])),
    open ? button(place, -1, (text) => t("Move up: {line}", { line: text }), UP) : null, open ? button(place, 1, (text) => t("Move down: {line}", { line: text }), DOWN) : null)));
  fill();
  return {
    element: list,
    check() {
      const placed = order.filter((line, i) => line === i).length;
      [...list.children].forEach((item, i) => markAnswer(item, order[i] === i));
      return { right: placed === lines.length, hint: t("{placed} of {count} lines stand where they belong.", { placed, count: lines.length }) };
    },
    solve() {
      order = lines.map((_, i) => i);
      fill(false);
    },
  };
}

function formulaKind({ answer, uses = [], without = [], hints = [], scene = {} }) {
  const field = exNode("input", {
    type: "text", class: "ask-formula", spellcheck: "false", autocomplete: "off", autocapitalize: "off", maxlength: 300,
    "aria-label": t("Your formula in z"), placeholder: "f(z)",
  });
  const half = scene.range ?? 6;
  const places = Array.from({ length: PLACES }, (_, i) => -half + (2 * half * (i + 0.5)) / PLACES);
  const same = (one, other) => places.every((z) => Math.abs(one.f(z) - other.f(z)) <= 1e-6 * (1 + Math.abs(other.f(z))));
  const element = exNode("label", { class: "ask-typed" }, exNode("span", {}, "f(z) ="), field);
  return {
    element,
    check() {
      let typed = null;
      let called = [];
      try {
        typed = parseExpression(field.value);
        called = calledNames(new ExpressionReader(field.value.trim()).read());
      } catch (error) {
        field.focus();
        return { problem: field.value.trim() ? error.message : t("Type a formula in z.") };
      }
      const barred = without.find((name) => called.includes(name));
      if (barred) return { problem: t("Write it without {name}.", { name: barred }) };
      const missing = uses.find((name) => !called.includes(name));
      if (missing) return { problem: t("Write it with {name}(…).", { name: missing }) };
      const right = same(typed, parseExpression(answer));
      markAnswer(element, right, field);
      return { right, hint: hints.find(({ given }) => same(typed, parseExpression(given)))?.say };
    },
    solve() {
      field.value = answer;
      field.readOnly = true;
      markAnswer(element, true, field);
    },
  };
}

// Something to reach, in the explorer or in learn mode.
function goalKind({ goal, hint }, { computed }) {
  return {
    element: exNode("div", {}),
    check: () => ({ right: goal.every((text) => computed(text) !== 0), hint }),
    solve() {},
  };
}

// The functions that an expression calls.
function calledNames(node) {
  const inner = [node.args, node.values, node.left, node.right, node.operand, node.test, node.body, node.other].flat().filter(Boolean).flatMap(calledNames);
  return node.kind === "call" ? [node.name, ...inner] : inner;
}

function markAnswer(element, right, field = null) {
  exSet(element, { "data-right": String(right) });
  if (field) exSet(field, { "aria-invalid": right ? null : "true" });
}

// A line of a proof, with what follows ^ raised: e^(−z), s^2.
function proofLine(text) {
  return exNode("span", {}, ...text.split(/\^(\([^()]*\)|\S)/).map((part, i) => (i % 2 ? exNode("sup", {}, part.replace(/^\((.*)\)$/, "$1")) : part)));
}

// In an order that looks like none and is the same each time: by a hash of the name (FNV-1a).
function shuffled(list, name) {
  const key = (i) => [...`${name}${i}`].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0, 2166136261);
  return list.map((one, i) => [key(i), one]).sort(([a], [b]) => a - b).map(([, one]) => one);
}
