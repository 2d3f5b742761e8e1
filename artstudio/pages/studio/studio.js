// The studio: the one place where state, picture, panel, modes and dialogs meet.

import { Animation } from "./animate.js";
import { Breed } from "./breed.js";
import { Compare } from "./compare.js";
import { DownloadDialog, HelpDialog, ShareDialog } from "./dialogs.js";
import { Dock } from "./dock.js";
import { mountExplorer } from "./explorer.js";
import { Favourites } from "./favourites.js";
import { readFragment, writeFragment } from "./fragment.js";
import { watchGestures } from "./gestures.js";
import { Hall } from "./hall.js";
import { KEY_HELP, watchKeys } from "./keys.js";
import { t } from "./language.js";
import { LearnMode } from "./learn.js";
import { mountLibrary } from "./library.js";
import { exNode } from "./nodes.js";
import { Panel } from "./panel.js";
import { Questions } from "./questions.js";
import { readRecipe } from "./picturefile.js";
import { asked } from "./query.js";
import { checkRecipe, latentValues } from "./recipe.js";
import { exceedsScreen } from "./space.js";
import { Stage } from "./stage.js";
import { StudioState } from "./state.js";
import { clipText } from "./syntax.js";
import { TileWall } from "./tiles.js";
import { labelOf, recipeTitle } from "./values.js";
import { randomParts, randomRecipe } from "./vary.js";

const MOST_SAID = 240; // characters of a message
const roomForBoth = matchMedia("(min-width: 105rem)"); // the panel and the explorer, with a picture between them
const byId = (id) => document.getElementById(id);

export class Studio {
  constructor(data, painter, recipe, scene) {
    this.data = data;
    this.painter = painter;
    this.state = new StudioState(data, recipe, scene);
    this.randomParts = ["weights", "colours"];
    this.canvas = byId("picture");
    this.build();
    this.state.listen((what) => this.follow(what));
    this.follow("scene");
    this.follow("recipe");
    this.askFirst(scene);
  }

  build() {
    const trouble = (words) => this.trouble(words);
    this.shortcuts = { on: true };
    this.stageView = new Stage(this.canvas, byId("fine"), this.painter, () => this.picture(), trouble);
    this.wall = new TileWall(byId("wall"), this.painter, trouble);
    this.compare = new Compare(this, { stage: byId("stage"), divider: byId("divider"), names: byId("names") });
    this.breed = new Breed(this);
    this.animation = new Animation(this);
    this.modes = { split: this.compare, grid: this.compare, breed: this.breed, animate: this.animation };
    this.learn = new LearnMode(byId("learn"), {
      data: this.data, say: (words) => this.say(words), shortcuts: this.shortcuts, done: () => this.leave(), stage: (text) => this.stage({ mode: "learn", learn: text }),
      show: (recipe) => { this.show(recipe); this.leave(); },
    });
    this.dock = new Dock(byId("dock"), (name) => this.act(name));
    this.panel = new Panel(byId("panel"), this);
    this.download = new DownloadDialog(this, this.painter);
    this.share = new ShareDialog(this);
    this.help = new HelpDialog(KEY_HELP, this, `artstudio ${this.data.version}`);
    this.favourites = new Favourites(byId("strip"), this, this.painter);
    if (this.data.served) mountLibrary(this.panel.library(), this.data, { getRecipe: () => this.visibleRecipe(), setRecipe: (found) => this.load(found) });
    watchGestures(this.canvas, {
      view: () => this.recipe.view,
      look: (view, moving) => this.state.change(view, { moving }),
      point: (x, y) => this.hover(x, y),
    });
    this.questions = new Questions(byId("questions"), this.questionHost());
    this.hall = new Hall({ steer: (by) => this.steer(by), redraw: () => this.explorer?.layOut() });
    watchKeys(this);
    watchDrops(this);
    addEventListener("hashchange", ({ newURL }) => this.travel(new URL(newURL).hash));
    if (asked("hall") === "1") this.hall.turn(true);
    // On wide screens the panel is there from the start.
    this.panelOpen = !this.hall.on && matchMedia("(min-width: 56rem)").matches && (!this.scene.explorer || roomForBoth.matches);
  }

  get recipe() {
    return this.state.recipe;
  }

  // What questions need of the studio. Before the first one the scene is kept, and given back after the last.
  questionHost() {
    return {
      data: this.data,
      explorer: () => this.mountedExplorer(),
      training: () => (this.scene.mode === "learn" ? this.learn.training : null),
      show: ({ learn }) => {
        this.stage(learn === undefined ? { mode: "picture", explorer: true } : { mode: "learn", explorer: false, learn });
        if (learn !== undefined) this.learn.play(false); // whoever answers begins it
      },
      paint: (fields) => {
        this.asked = fields;
        document.documentElement.classList.toggle("asking-picture", fields !== null);
        this.stageView.ask();
        this.refresh();
      },
      ask: (question) => {
        if (question && !this.before) this.before = { ...this.scene, panel: this.panelOpen };
        this.panelOpen = question ? false : this.before.panel;
        document.documentElement.classList.toggle("asking", question !== "");
        this.state.note({ question });
      },
      leave: () => {
        const { panel: _, ...before } = this.before;
        this.stage({ ...before, question: "" });
        this.explorer.restore(before);
        this.before = null;
        this.canvas.focus();
      },
    };
  }

  get scene() {
    return this.state.scene;
  }

  change(changes, options) {
    this.attempt(changes, options);
  }

  // Whether the changes make a recipe; where not, it says why.
  attempt(changes, options) {
    try {
      this.state.change(changes, options);
      if ("gamut" in changes && exceedsScreen(this.data, this.recipe)) this.say(t("This screen shows sRGB; downloads hold Display P3"));
      return true;
    } catch (error) {
      this.say(error.message);
      this.panel.update(this.recipe);
      return false;
    }
  }

  settle() {
    this.state.show(this.recipe);
  }

  show(recipe) {
    this.state.show(recipe);
  }

  // Shows what a file or a gallery holds.
  load(found) {
    try {
      this.state.show(checkRecipe(this.data, found));
      if (this.scene.mode !== "picture") this.stage({ mode: "picture" });
      this.say(t("Recipe loaded"));
    } catch (error) {
      this.say(error.message);
    }
  }

  async open(file) {
    try {
      this.load(await readRecipe(file));
    } catch (error) {
      if (error.hasRecipe || !await this.learn.offer(file)) this.say(error.message);
    }
  }

  stage(changes) {
    this.state.stage(changes);
  }

  // `stays` until something else is said.
  say(words, { stays = false } = {}) {
    sayBriefly(byId("status"), words, stays);
  }

  // What an address says that cannot be read. The address stays as it is until something is changed.
  complain(problems) {
    if (!problems.length) return;
    this.address = location.hash;
    this.faulty = writeFragment(this.data, this.recipe, this.scene);
    this.say(problems.join("; "), { stays: true });
  }

  trouble(words) {
    const box = byId("trouble");
    if (box.textContent !== words) box.textContent = words;
    box.hidden = !words;
  }

  latentValues() {
    return latentValues(this.data, this.recipe);
  }

  // What is on the canvas: the recipe; in an animation where it has come to, beside a question with what that changes.
  visibleRecipe() {
    if (this.asked) return checkRecipe(this.data, { ...this.recipe, ...this.asked });
    return this.scene.mode === "animate" ? this.animation.recipe() : this.recipe;
  }

  picture() {
    return { recipe: this.visibleRecipe(), other: this.compare.other(), divider: this.scene.divider };
  }

  windowSize() {
    const box = this.canvas.parentElement.getBoundingClientRect();
    const dense = devicePixelRatio || 1;
    return [Math.round(box.width * dense), Math.round(box.height * dense)];
  }

  // Back to the picture alone.
  leave() {
    this.stage({ mode: "picture" });
    this.canvas.focus();
  }

  act(name) {
    const { scene } = this;
    const learning = scene.mode === "learn";
    const mode = (wanted, on) => this.stage({ mode: on ? "picture" : wanted });
    const acts = {
      randomise: () => (learning ? this.learn.newWeights() : this.show(randomRecipe(this.data, this.recipe, this.randomParts))),
      surprise: () => this.show(randomRecipe(this.data, this.recipe, randomParts(this.data))),
      undo: () => this.state.undo(),
      redo: () => this.state.redo(),
      favourite: () => this.favourites.toggle(),
      compare: () => mode("split", scene.mode === "split" || scene.mode === "grid"),
      breed: () => mode("breed", scene.mode === "breed"),
      learn: () => mode("learn", learning),
      animate: () => mode("animate", scene.mode === "animate"),
      explorer: () => {
        if (!scene.explorer && !roomForBoth.matches) this.panelOpen = false;
        this.stage({ explorer: !scene.explorer });
      },
      download: () => (learning ? this.learn.save() : this.download.open()),
      share: () => this.share.open(),
      panel: () => this.openPanel(!this.panelOpen),
      bare: () => document.documentElement.classList.toggle("bare"),
      help: () => this.help.open(),
      hall: () => this.hall.turn(!this.hall.on),
      full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.().catch(() => {})),
    };
    acts[name]();
  }

  // A presenter's remote: on in the questions, or with the next activation.
  steer(by) {
    if (this.questions.open || this.scene.explorer) {
      this.questions.steer(by);
      return;
    }
    const names = this.data.activations.map(({ name }) => name);
    const at = names.indexOf(this.recipe.activation[0]);
    this.change({ activation: [names[(Math.max(at, 0) + by + names.length) % names.length]] });
    this.say(labelOf(this.data, this.recipe.activation[0]));
  }

  openPanel(open) {
    this.panelOpen = open;
    if (open && this.scene.explorer && !roomForBoth.matches) this.stage({ explorer: false });
    this.refresh();
  }

  // The canvas's or the tiles' next picture, and everything beside it, after a change.
  follow(what) {
    const { recipe, scene } = this;
    if (what === "note") {
      this.writeSoon(true);
      return;
    }
    if (what === "scene") this.arrange();
    const moving = this.state.moving || this.animation.playing;
    if (scene.mode === "grid") this.wall.show(this.compare.grid());
    else if (scene.mode === "breed") this.wall.show(this.breed.litter());
    else this.stageView.ask(moving || (scene.mode === "split" && what === "scene"));
    this.modes[scene.mode]?.update();
    if (what === "recipe") {
      this.panel.update(recipe);
      this.explorer?.update(recipe);
    }
    this.refresh();
    this.writeSoon(moving);
  }

  // Browsers allow only so many changes of the address.
  writeSoon(moving) {
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.writeAddress(), moving ? 300 : 0);
  }

  arrange() {
    const { scene } = this;
    const mode = this.modes[scene.mode];
    if (this.arranged !== scene.mode) {
      if (this.arranged === "animate") this.animation.end();
      if (this.arranged === "learn") this.learn.close();
      this.arranged = scene.mode;
      const bar = byId("bar");
      bar.hidden = !mode;
      const done = exNode("button", { type: "button", class: "main", onclick: () => this.leave() }, t("Done"));
      if (mode) bar.replaceChildren(mode.controls, done);
      document.documentElement.dataset.mode = scene.mode;
      const learning = scene.mode === "learn";
      const walled = scene.mode === "grid" || scene.mode === "breed";
      this.wall.clear();
      byId("wall").hidden = !walled;
      byId("wall").className = scene.mode;
      this.canvas.classList.toggle("away", walled || learning);
      this.compare.update();
      if (scene.mode === "animate") this.animation.begin();
      if (learning) this.learn.open(scene.learn);
    } else if (scene.mode === "learn") this.learn.read(scene.learn);
    this.openExplorer(scene.explorer);
  }

  openExplorer(open) {
    const drawer = byId("explorer");
    document.documentElement.classList.toggle("exploring", open);
    drawer.hidden = !open;
    if (open) this.mountedExplorer();
  }

  mountedExplorer() {
    if (this.explorer) return this.explorer;
    const { scene } = this;
    this.explorer = mountExplorer(byId("explorer"), this.data, {
      activation: this.recipe.activation[0],
      questions: { count: this.data.questions.questions.length, start: () => this.questions.start() },
      onPick: (name) => { if (this.attempt({ activation: [name] })) this.say(t("Painted with {name}", { name })); },
      onState: (state) => this.state.note(state),
    });
    this.explorer.update(this.recipe);
    this.explorer.restore(scene);
    return this.explorer;
  }

  // The first layer's pre-activations under the mouse, on the explorer's curve.
  hover(x, y) {
    if (!this.explorer || !this.scene.explorer || this.hovering) return;
    this.hovering = true;
    requestAnimationFrame(() => {
      this.hovering = false;
      this.explorer.hover(x === null ? null : this.painter.firstLayer(this.visibleRecipe(), x, y));
    });
  }

  refresh() {
    const { recipe, scene, state } = this;
    document.documentElement.classList.toggle("with-panel", this.panelOpen);
    byId("panel").hidden = !this.panelOpen;
    const title = recipeTitle(this.data, this.asked ? this.visibleRecipe() : recipe);
    byId("title").textContent = title;
    this.canvas.setAttribute("aria-label", t("The picture: {title}", { title }));
    if (!this.favourites) return;
    this.favourites.update();
    this.dock.update(
      {
        favourite: this.favourites.has(recipe), compare: scene.mode === "split" || scene.mode === "grid", breed: scene.mode === "breed",
        animate: scene.mode === "animate", learn: scene.mode === "learn", explorer: scene.explorer, panel: this.panelOpen,
      },
      { undo: state.past.length === 0, redo: state.future.length === 0 });
  }

  writeAddress() {
    const address = writeFragment(this.data, this.recipe, this.scene);
    if (address === this.faulty) return;
    if (this.faulty) this.say("");
    this.faulty = "";
    this.address = address;
    try {
      history.replaceState(null, "", this.address);
    } catch {
      // Too many changes in a short time for this browser; the next one comes through.
    }
  }

  // Another address was typed, or a link followed. By now the page may have written its own over it.
  travel(address) {
    if (address === this.address) return;
    const { recipe, scene, problems } = readFragment(this.data, address, this.recipe);
    this.questions.end();
    this.state.scene = scene;
    this.follow("scene");
    this.show(recipe);
    this.explorer?.restore(scene);
    this.complain(problems);
    this.askFirst(scene);
  }

  // The question of an address.
  askFirst({ question }) {
    if (!question) return;
    this.state.note({ question: "" });
    this.questions.start(question);
  }
}

const quiet = new WeakMap(); // the timers that end what is said

// A message that goes away by itself, or `stays`.
export function sayBriefly(status, words, stays = false) {
  status.textContent = clipText(words, MOST_SAID);
  status.classList.remove("seen");
  clearTimeout(quiet.get(status));
  if (!stays) quiet.set(status, setTimeout(() => status.classList.add("seen"), 4000));
}

// A picture, dropped on the page or pasted.
function watchDrops(studio) {
  const root = document.documentElement;
  addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    root.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) root.classList.remove("dropping"); });
  addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    studio.open(file);
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("dropping");
    if (event.dataTransfer.files.length) studio.open(event.dataTransfer.files[0]);
  });
}
