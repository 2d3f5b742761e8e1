// Questions that check: each sets what is shown, takes an answer before it shows its own, and goes on.

import { computed, learningMeasures } from "./answers.js";
import { exNumber } from "./formula.js";
import { t } from "./language.js";
import { exIcon, exNode, exSet } from "./nodes.js";
import { Progress } from "./progress.js";
import { QUESTION_KINDS } from "./questionkinds.js";

const TRIES = 2;
const ALL_READOUTS = ["f", "slope", "product", "shares"];
const CROSS = "M6 6l12 12M18 6L6 18";
const BACK = "M15 5l-7 7 7 7";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Questions {
  // `host`: {data, explorer() -> the explorer, show({learn}) opens it or learn mode, training() -> what runs there or null,
  // paint(fields or null) the picture's other fields, ask(id) for the address, leave() when they end}.
  constructor(element, host) {
    Object.assign(this, { element, host, data: host.data, place: -1 });
    this.list = host.data.questions.questions;
    this.progress = new Progress(host.data.questions.title);
    this.build();
  }

  get open() {
    return this.place >= 0;
  }

  get question() {
    return this.list[this.place];
  }

  build() {
    this.position = exNode("p", { class: "ask-position" });
    this.title = exNode("h2", {});
    this.words = exNode("p", { class: "ask-words", tabindex: -1 });
    this.feedback = exNode("p", { class: "ask-feedback", role: "status" });
    this.answer = exNode("p", { class: "ask-answer" });
    this.given = exNode("div", { class: "ask-given" });
    this.check = exNode("button", { type: "submit", class: "main" }, t("Check"));
    this.give = exNode("button", { type: "button", class: "plain", onclick: () => this.finish("shown") }, t("Show the answer"));
    this.again = exNode("button", { type: "button", class: "plain", onclick: () => this.retry() }, t("Try again"));
    this.next = exNode("button", { type: "button", class: "main", onclick: () => this.forward() });
    this.back = exNode("button", { type: "button", class: "small", "aria-label": t("Back"), onclick: () => this.go(this.place - 1) }, exIcon(BACK));
    this.skip = exNode("button", { type: "button", class: "plain", onclick: () => this.go(this.place + 1) }, t("Skip"));
    this.dots = exNode("ol", { class: "ask-dots" }, ...this.list.map((question, i) => exNode("li", {},
      exNode("button", { type: "button", onclick: () => this.go(i) }))));
    const close = exNode("button", { type: "button", class: "small", "aria-label": t("End the questions"), onclick: () => this.end() }, exIcon(CROSS));
    this.form = exNode("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.attempt(); } },
      this.given, this.feedback, this.answer, exNode("div", { class: "ask-actions" }, this.check, this.give, this.again, this.next, this.skip));
    this.element.append(exNode("div", { class: "ask" },
      exNode("header", {}, this.position, this.back, close), this.title, this.words, this.form,
      exNode("nav", { "aria-label": t("All questions") }, this.dots)));
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.end();
  }

  // Begins at a question by its name, at the first for another.
  start(id = "") {
    this.go(Math.max(0, this.list.findIndex((question) => question.id === id)));
  }

  end() {
    if (!this.open) return;
    this.leaveQuestion();
    this.place = -1;
    this.element.hidden = true;
    delete document.documentElement.dataset.asks;
    this.host.paint(null);
    this.host.ask("");
    this.host.leave();
  }

  leaveQuestion() {
    cancelAnimationFrame(this.frame);
    this.host.explorer()?.ask(null);
  }

  go(place) {
    if (!this.list[place]) return;
    this.place = place;
    this.tries = 0;
    const { question } = this;
    this.element.hidden = false;
    this.host.ask(question.id);
    document.documentElement.dataset.asks = question.part ?? "charts";
    this.arrange(question.scene ?? {}, true);
    this.title.textContent = t(question.title);
    this.words.textContent = t(question.ask);
    this.kind = QUESTION_KINDS[question.kind](question, { computed: (text) => this.computed(text) });
    this.given.replaceChildren(this.kind.element);
    this.feedback.textContent = "";
    const how = this.progress.of(question.id);
    if (how) this.finish(how, false);
    else this.refresh();
    this.element.scrollTop = 0;
    this.words.focus({ preventScroll: true });
  }

  // An answer: right, wrong, or not one yet.
  attempt() {
    const { question } = this;
    if (!(question.needs ?? []).every((text) => this.holds(text))) return this.say(t(question.needs_words ?? ""), "");
    let result = null;
    try {
      result = this.kind.check();
    } catch (error) {
      result = { problem: error.message };
    }
    const { problem, right, hint } = result;
    if (problem) return this.say(problem, "");
    this.tries += 1;
    if (right) return this.finish("right");
    if (this.tries >= TRIES) return this.finish("shown");
    this.say(hint ? t("Not yet. {hint}", { hint: t(hint) }) : t("Not yet. One more try."), "wrong");
    return this.refresh();
  }

  // Shows the answer; `how` it came to it: "right" or "shown".
  finish(how, keep = true) {
    const { question } = this;
    if (keep) this.progress.put(question.id, how);
    if (how === "shown" || !keep) this.kind.solve();
    this.say(how === "right" ? t("Right.") : t("The answer:"), how);
    this.answer.textContent = this.explanation();
    this.arrange(question.then ?? {}, false);
    this.host.explorer()?.ask({ masked: [], part: question.part ?? "charts" });
    this.refresh(true);
    if (keep) this.next.focus({ preventScroll: true });
  }

  retry() {
    this.progress.forget(this.question.id);
    this.go(this.place);
  }

  explanation() {
    const { explain, numbers = {}, digits = 6 } = this.question;
    const value = (text) => {
      try {
        return exNumber(this.computed(text), digits);
      } catch {
        return "…"; // what learn mode has not measured, since the answer was given another day
      }
    };
    return t(explain, Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, value(text)])));
  }

  say(words, how) {
    this.feedback.textContent = words;
    exSet(this.feedback, { "data-how": how });
  }

  refresh(answered = false) {
    const { place, list, progress, question } = this;
    this.answered = answered;
    if (!answered) this.answer.textContent = "";
    const right = list.filter(({ id }) => progress.of(id) === "right").length;
    const exercise = question.exercise ? ` · ${t("exercise {number} of the lesson", { number: question.exercise })}` : "";
    this.position.textContent = `${t("{number} of {count}", { number: place + 1, count: list.length })}${exercise} · ${t("{count} right", { count: right })}`;
    this.back.disabled = place === 0;
    this.check.hidden = answered;
    this.give.hidden = answered || this.tries === 0;
    this.again.hidden = !answered;
    this.next.hidden = !answered;
    this.next.textContent = place + 1 < list.length ? t("Next") : t("Done");
    this.skip.hidden = answered || place + 1 === list.length;
    [...this.dots.children].forEach(({ firstChild: dot }, i) => {
      const { id, title, exercise: number } = list[i];
      const how = progress.of(id);
      const state = { right: t("answered"), shown: t("answer shown") }[how] ?? t("open");
      const words = t("Question {number}: {title}, {state}", { number: i + 1, title: t(title), state });
      exSet(dot, { "data-how": how, "data-exercise": number ?? null, "aria-current": i === place ? "step" : null, "aria-label": words, title: words });
    });
  }

  // What a presenter's remote does: on (1) or back (-1).
  steer(by) {
    if (!this.open) this.start();
    else if (by > 0) this.forward();
    else this.go(this.place - 1);
  }

  // The answer, then the next question.
  forward() {
    if (!this.answered) this.finish("shown");
    else if (this.place + 1 === this.list.length) this.end();
    else this.go(this.place + 1);
  }

  computed(text) {
    const explorer = this.host.explorer();
    const training = this.host.training();
    return computed(text, {
      data: this.data, find: (name) => explorer.find(name), names: explorer.readings(), learning: training && learningMeasures(training),
    });
  }

  holds(text) {
    try {
      return this.computed(text) !== 0;
    } catch {
      return false; // learn mode is not there yet
    }
  }

  // Sets what is shown; the point last: it glides there, so that one sees where it goes.
  arrange(scene, asking) {
    const { question } = this;
    const { learn, picture, z, z_at: zAt, ...shown } = scene;
    const learning = question.scene?.learn;
    if (asking || learn !== undefined) this.host.show({ learn: learn ?? learning });
    if (asking || picture) this.host.paint(picture ?? null);
    const explorer = this.host.explorer();
    if (asking) explorer.ask({ masked: ALL_READOUTS.filter((name) => !(question.shows ?? []).includes(name)), part: question.part ?? "charts" });
    explorer.arrange(shown);
    const to = zAt === undefined ? z : this.computed(zAt);
    if (to === undefined) return;
    if (asking) explorer.move(to);
    else this.glide(explorer, to);
  }

  glide(explorer, z) {
    cancelAnimationFrame(this.frame);
    const from = explorer.state.z;
    if (calm.matches || from === z) {
      explorer.move(z);
      return;
    }
    let start = null;
    const step = (now) => {
      start ??= now;
      const share = Math.min(1, (now - start) / 450);
      explorer.move(share < 1 ? from + (z - from) * share * share * (3 - 2 * share) : z);
      if (share < 1) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }
}
