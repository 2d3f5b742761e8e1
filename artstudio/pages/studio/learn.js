// Learn mode: the same raw weights learn one target with several activations, side by side, while one watches.

import { numberControl } from "./controls.js";
import { number, t } from "./language.js";
import { LossChart } from "./learnchart.js";
import { LearnControls } from "./learncontrols.js";
import { FieldPainter } from "./learnfield.js";
import { saveTrained, trainedRecipe } from "./learnfile.js";
import { DrawingBoard, LearnQuestion, pictureBytes } from "./learnpicture.js";
import { firstSettings, presetOf, presetSettings, readSettings, writeSettings } from "./learnsettings.js";
import { LearnTile, scoreText } from "./learntile.js";
import { exIcon, exNode } from "./nodes.js";
import { exStrokes } from "./strokes.js";
import { Training } from "./training.js";

const BUDGET = 12; // milliseconds of training in a frame
const PACES = [[0.1, () => t("6 steps a second")], [1, () => t("60 steps a second")], [Infinity, () => t("as fast as it goes")]];
const MOVING_SIDE = 40; // pixels of a tile's field while it learns
const STILL_SIDE = 128;
const MOST_STEPS = 100_000;
const ICONS = { play: "M8 5.500v13l10.500-6.500z", pause: "M8.500 6v12M15.500 6v12", step: "M7 5.500v13l8-6.500zM17.500 6v12", reset: "M4 12a8 8 0 1 0 2.300-5.600M4 3v5h5", dice: "M4 4h16v16H4zM8.500 8.500v.01M15.500 15.500v.01M15.500 8.500v.01M8.500 15.500v.01" };
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export class LearnMode {
  // `host`: {data, stage(text), show(recipe), done(), say(words), shortcuts}: `stage` gets the settings for the address
  // after a change; `show` and `done` may be null where there is no studio around.
  constructor(element, host) {
    Object.assign(this, { element, host, data: host.data, settings: firstSettings(host.data), pixels: null, playing: false, tiles: [] });
    this.text = "";
    addEventListener("keydown", (event) => this.key(event));
  }

  // What the controls take for a recipe.
  get recipe() {
    return this.settings;
  }

  build() {
    const { data, host } = this;
    const { side } = data.learning;
    const take = (pixels) => this.learnPicture(pixels);
    this.board = new DrawingBoard(side, take);
    this.question = new LearnQuestion(side, take);
    this.pace = exNode("select", { id: "learn-pace" }, ...PACES.map(([pace, words]) => exNode("option", { value: pace, selected: pace === 1 }, words())));
    this.controls = new LearnControls(this, { draw: () => this.board.open(), choose: (file) => this.offer(file), pace: this.pace });
    this.legend = exNode("p", { class: "learn-legend" });
    this.chart = new LossChart();
    const tool = (name, words, key, onclick) => exNode("button", {
      type: "button", class: "learn-tool", title: key ? `${words} (${key})` : words, "aria-keyshortcuts": key, onclick,
    }, exIcon(ICONS[name]), exNode("span", {}, words));
    this.player = exNode("button", { type: "button", class: "main learn-play", "aria-keyshortcuts": "Space", onclick: () => this.play(!this.playing) });
    this.count = exNode("output", { class: "learn-count", "aria-live": "off" });
    this.presets = Object.entries(data.learning.presets).map(([name, { title }]) => [name, exNode("button", {
      type: "button", class: "chip", onclick: () => this.adopt(presetSettings(data, name)),
    }, t(title))]);
    this.claim = exNode("p", { class: "learn-claim" });
    this.wall = exNode("div", { class: "learn-tiles" });
    const done = host.done && exNode("button", { type: "button", class: "plain", onclick: host.done }, t("Done"));
    this.element.replaceChildren(exNode("div", { class: "learn" },
      exNode("header", { class: "learn-head" }, exNode("h2", {}, t("Learn")),
        exNode("div", { class: "chips", role: "group", "aria-label": t("Presets") }, ...this.presets.map(([, chip]) => chip)), done, this.claim),
      exNode("div", { class: "learn-transport", role: "group", "aria-label": t("Training") }, this.player,
        tool("step", t("One step"), ".", () => this.stepOnce()), tool("reset", t("Reset to the same weights"), "", () => this.restart()),
        tool("dice", t("New weights"), "R", () => this.newWeights()), this.count),
      exNode("section", { class: "learn-side", "aria-label": t("What is learned, and how") }, this.controls.element, this.legend),
      exNode("div", { class: "learn-main" }, this.wall, this.chart.element)));
    exStrokes(this.element, data.strokes);
    new ResizeObserver(() => this.drawPoints()).observe(this.wall);
  }

  // --- what is trained -------------------------------------------------------------------------------------------------

  open(text) {
    if (!this.controls) this.build();
    this.element.hidden = false;
    this.read(text);
    if (!this.training) this.restart();
    this.play(!reducedMotion.matches);
    this.element.focus();
  }

  close() {
    this.element.hidden = true;
    this.play(false);
  }

  // Takes over settings from the address.
  read(text) {
    if (text === this.text && this.training) return;
    this.text = text;
    try {
      this.settings = readSettings(this.data, text);
    } catch (error) {
      this.settings = firstSettings(this.data);
      this.host.say(error.message);
    }
    this.pixels = null;
    this.restart();
  }

  adopt(settings) {
    this.pixels = null;
    this.change(settings);
  }

  // Other settings; only other learning rates let training go on as it is.
  change(changes) {
    const before = this.settings;
    const settings = { ...before, ...changes };
    if (settings.target) this.pixels = null;
    settings.rates = Object.fromEntries(Object.entries(settings.rates).filter(([name]) => settings.activations.includes(name)));
    const onlyRates = Object.keys(settings).every((name) => name === "rate" || name === "rates" || settings[name] === before[name]);
    const rated = (one) => Object.keys(one.rates).length > 0;
    if (!onlyRates && rated(before)) settings.activations.forEach((name) => { settings.rates[name] ??= settings.rate; });
    this.settings = settings;
    this.text = writeSettings(this.data, settings);
    if (onlyRates && rated(before) === rated(settings)) this.update();
    else if (onlyRates) this.arrange();
    else this.restart();
    this.host.stage(this.text);
  }

  settle() {}

  learnPicture(pixels) {
    this.pixels = pixels;
    this.change({ target: "" });
  }

  // Asks whether to learn what a file shows; false where it shows nothing.
  async offer(file) {
    if (!this.controls) this.build();
    const bytes = await pictureBytes(file, this.data.learning.side);
    if (bytes) this.question.open(bytes);
    return Boolean(bytes);
  }

  newWeights() {
    this.change({ seed: (this.settings.seed + 1) % 2 ** 32 });
  }

  restart() {
    this.training = new Training(this.data, this.settings, this.pixels);
    this.painter = new FieldPainter(this.data, this.training);
    this.arrange();
  }

  arrange() {
    const { data, settings } = this;
    const acts = {
      drop: settings.activations.length > data.learning.limits.learners[0] ? ({ name }) => this.change({ activations: settings.activations.filter((one) => one !== name) }) : null,
      save: (learner) => this.save(learner),
      show: this.host.show && ((learner) => this.host.show(trainedRecipe(data, learner))),
    };
    const [low, high] = data.learning.limits.rate;
    this.tiles = this.training.learners.map((learner, slot) => {
      const { name } = learner;
      const rate = name in settings.rates && numberControl(this, {
        name: "rate", label: t("Learning rate"), low, high, digits: 4, log: true, read: ({ rates }) => rates[name],
        write: (value) => ({ rates: { ...this.settings.rates, [name]: value } }),
      });
      return new LearnTile(data, learner, slot, acts, rate || null);
    });
    this.wall.replaceChildren(...this.tiles.map(({ element }) => element));
    this.wall.style.setProperty("--tiles", this.tiles.length);
    this.wall.parentElement.style.setProperty("--rows", this.training.problem.shapes.length);
    this.drawPoints();
    this.update();
    this.drawAll();
  }

  update() {
    const preset = presetOf(this.data, this.settings);
    for (const [name, chip] of this.presets) chip.setAttribute("aria-pressed", String(name === preset));
    this.claim.textContent = preset ? t(this.data.learning.presets[preset].claim) : t("The same raw weights, drawn from seed {seed}, learn with each activation.", { seed: this.settings.seed });
    this.controls.update(this.settings);
    for (const { rate } of this.tiles) rate?.update(this.settings);
    const { side } = this.data.learning;
    this.legend.textContent = this.training.problem.target.kind === "points"
      ? t("● a unit; ⊗ a dead one, its slope has been 0 at all points for 20 steps; ○ one without a gradient. Gradient: its size by layer, on a logarithmic scale. Moved: ‖W − W₀‖ / ‖W₀‖.")
      : t("Learned from {side} × {side} pixels. ● a unit; ⊗ a dead one, its slope has been 0 at all pixels for 20 steps; ○ one without a gradient. Gradient: its size by layer, on a logarithmic scale. Moved: ‖W − W₀‖ / ‖W₀‖.", { side });
    this.showPlayer();
  }

  showPlayer() {
    const words = this.playing ? t("Pause") : t("Play");
    this.player.replaceChildren(exIcon(this.playing ? ICONS.pause : ICONS.play), exNode("span", {}, words));
  }

  // --- time ------------------------------------------------------------------------------------------------------------

  play(on) {
    if (on === this.playing || (on && this.training.ended)) return;
    this.playing = on;
    this.showPlayer();
    if (!on) {
      if (this.training.turn) this.training.finish(this.settings);
      this.drawAll();
      return;
    }
    let due = 0;
    const frame = () => {
      if (!this.playing) return;
      due = Math.min(due + Number(this.pace.value), 1e6);
      due -= this.training.run(this.settings, Math.floor(due), BUDGET);
      if (due > 1) due = 1; // what a slow machine does not manage is not made up for
      this.drawNext();
      if (this.training.ended || this.training.steps >= MOST_STEPS) this.play(false);
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  stepOnce() {
    this.play(false);
    this.training.finish(this.settings);
    this.drawAll();
  }

  // Space and the full stop, where nobody is typing and no button has them.
  key(event) {
    if (this.element.hidden || !this.host.shortcuts.on || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || event.target.closest?.("button, input, select, textarea, a")) return;
    if (event.key === " ") this.play(!this.playing);
    else if (event.key === ".") this.stepOnce();
    else return;
    event.preventDefault();
  }

  // --- what is seen ----------------------------------------------------------------------------------------------------

  // What the longest bar of movement stands for, in all tiles.
  reach() {
    const moved = this.training.learners.filter(({ diverged }) => !diverged).flatMap((learner) => learner.measure().layers.map((layer) => layer.moved));
    return Math.max(1, ...moved);
  }

  // One tile's turn in each frame, so that training has the time.
  drawNext() {
    this.next = ((this.next ?? 0) + 1) % this.tiles.length;
    if (this.next === 0) this.reached = this.reach();
    this.tiles[this.next].draw(this.painter, MOVING_SIDE, this.reached ?? 1);
    this.drawLosses();
  }

  drawAll() {
    const reach = this.reach();
    for (const tile of this.tiles) tile.draw(this.painter, STILL_SIDE, reach);
    this.drawLosses();
  }

  drawLosses() {
    const { training, data } = this;
    this.count.textContent = t("step {steps}", { steps: number(training.steps) });
    const lines = training.learners.map(({ losses, record, diverged }, slot) => ({ losses, slot, label: record.label, diverged }));
    this.chart.show(data.learning.kinds[training.problem.target.kind].loss, lines, training.steps);
  }

  drawPoints() {
    for (const tile of this.tiles) tile.drawPoints(this.data.learning.classes);
  }

  async save(learner = this.training.learners[0]) {
    if (learner.diverged) {
      this.host.say(t("{activation} diverged: there is no picture of it", { activation: learner.record.label }));
      return;
    }
    this.play(false);
    const words = { activation: learner.record.label, steps: this.training.steps, score: scoreText(learner, learner.measure()) };
    await saveTrained(this.data, this.training, learner, t("{activation} after {steps} steps", words));
    this.host.say(t("Saved what {activation} learned: {score}", words));
  }
}
