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
import { KEY_HELP, watchKeys } from "./keys.js";
import { mountLibrary } from "./library.js";
import { exNode } from "./nodes.js";
import { Panel } from "./panel.js";
import { readRecipe } from "./picturefile.js";
import { checkRecipe, latentValues } from "./recipe.js";
import { Stage } from "./stage.js";
import { StudioState } from "./state.js";
import { clipText } from "./syntax.js";
import { TileWall } from "./tiles.js";
import { recipeTitle } from "./values.js";
import { randomRecipe } from "./vary.js";

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
  }

  build() {
    const trouble = (words) => this.trouble(words);
    this.stageView = new Stage(this.canvas, byId("fine"), this.painter, () => this.picture(), trouble);
    this.wall = new TileWall(byId("wall"), this.painter, trouble);
    this.compare = new Compare(this, { stage: byId("stage"), divider: byId("divider"), names: byId("names") });
    this.breed = new Breed(this);
    this.animation = new Animation(this);
    this.modes = { split: this.compare, grid: this.compare, breed: this.breed, animate: this.animation };
    this.dock = new Dock(byId("dock"), (name) => this.act(name));
    this.panel = new Panel(byId("panel"), this);
    this.download = new DownloadDialog(this, this.painter);
    this.share = new ShareDialog(this);
    this.shortcuts = { on: true };
    this.help = new HelpDialog(KEY_HELP, this.shortcuts, `artstudio ${this.data.version}`);
    this.favourites = new Favourites(byId("strip"), this, this.painter);
    if (this.data.served) mountLibrary(this.panel.library(), this.data, { getRecipe: () => this.visibleRecipe(), setRecipe: (found) => this.load(found) });
    watchGestures(this.canvas, {
      view: () => this.recipe.view,
      look: (view, moving) => this.state.change(view, { moving }),
      point: (x, y) => this.hover(x, y),
    });
    watchKeys(this);
    watchDrops(this);
    addEventListener("hashchange", () => this.travel());
    // On wide screens the panel is there from the start.
    this.panelOpen = matchMedia("(min-width: 56rem)").matches && (!this.scene.explorer || roomForBoth.matches);
  }

  get recipe() {
    return this.state.recipe;
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
      this.say("Recipe loaded");
    } catch (error) {
      this.say(error.message);
    }
  }

  async open(file) {
    try {
      this.load(await readRecipe(file));
    } catch (error) {
      this.say(error.message);
    }
  }

  stage(changes) {
    this.state.stage(changes);
  }

  say(words) {
    const status = byId("status");
    status.textContent = clipText(words, MOST_SAID);
    status.classList.remove("seen");
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => status.classList.add("seen"), 4000);
  }

  trouble(words) {
    const box = byId("trouble");
    if (box.textContent !== words) box.textContent = words;
    box.hidden = !words;
  }

  latentValues() {
    return latentValues(this.data, this.recipe);
  }

  // What is on the canvas: the recipe, in an animation where it has come to.
  visibleRecipe() {
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

  act(name) {
    const { scene } = this;
    const mode = (wanted, on) => this.stage({ mode: on ? "picture" : wanted });
    const acts = {
      randomise: () => this.show(randomRecipe(this.data, this.recipe, this.randomParts)),
      undo: () => this.state.undo(),
      redo: () => this.state.redo(),
      favourite: () => this.favourites.toggle(),
      compare: () => mode("split", scene.mode === "split" || scene.mode === "grid"),
      breed: () => mode("breed", scene.mode === "breed"),
      animate: () => mode("animate", scene.mode === "animate"),
      explorer: () => {
        if (!scene.explorer && !roomForBoth.matches) this.panelOpen = false;
        this.stage({ explorer: !scene.explorer });
      },
      download: () => this.download.open(),
      share: () => this.share.open(),
      panel: () => this.openPanel(!this.panelOpen),
      bare: () => document.documentElement.classList.toggle("bare"),
      help: () => this.help.open(),
      full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.().catch(() => {})),
    };
    acts[name]();
  }

  openPanel(open) {
    this.panelOpen = open;
    if (open && this.scene.explorer && !roomForBoth.matches) this.stage({ explorer: false });
    this.refresh();
  }

  // The canvas's or the tiles' next picture, and everything beside it, after a change.
  follow(what) {
    const { recipe, scene } = this;
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
    clearTimeout(this.writing); // browsers allow only so many changes of the address
    this.writing = setTimeout(() => this.writeAddress(), moving ? 300 : 0);
  }

  arrange() {
    const { scene } = this;
    const mode = this.modes[scene.mode];
    if (this.arranged !== scene.mode) {
      if (this.arranged === "animate") this.animation.end();
      this.arranged = scene.mode;
      const bar = byId("bar");
      bar.hidden = !mode;
      const done = exNode("button", { type: "button", class: "main", onclick: () => { this.stage({ mode: "picture" }); this.canvas.focus(); } }, "Done");
      if (mode) bar.replaceChildren(mode.controls, done);
      document.documentElement.dataset.mode = scene.mode;
      const walled = scene.mode === "grid" || scene.mode === "breed";
      this.wall.clear();
      byId("wall").hidden = !walled;
      byId("wall").className = scene.mode;
      this.canvas.classList.toggle("away", walled);
      this.compare.update();
      if (scene.mode === "animate") this.animation.begin();
    }
    this.openExplorer(scene.explorer);
  }

  openExplorer(open) {
    const drawer = byId("explorer");
    document.documentElement.classList.toggle("exploring", open);
    if (drawer.hidden === !open) return;
    drawer.hidden = !open;
    if (!open || this.explorer) return;
    this.explorer = mountExplorer(drawer, this.data, {
      activation: this.recipe.activation[0],
      onPick: (name) => { if (this.attempt({ activation: [name] })) this.say(`Painted with ${name}`); },
    });
    this.explorer.update(this.recipe);
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
    byId("title").textContent = recipeTitle(this.data, recipe);
    this.canvas.setAttribute("aria-label", `The picture: ${recipeTitle(this.data, recipe)}`);
    if (!this.favourites) return;
    this.favourites.update();
    this.dock.update(
      {
        favourite: this.favourites.has(recipe), compare: scene.mode === "split" || scene.mode === "grid", breed: scene.mode === "breed",
        animate: scene.mode === "animate", explorer: scene.explorer, panel: this.panelOpen,
      },
      { undo: state.past.length === 0, redo: state.future.length === 0 });
  }

  writeAddress() {
    this.address = writeFragment(this.data, this.recipe, this.scene);
    try {
      history.replaceState(null, "", this.address);
    } catch {
      // Too many changes in a short time for this browser; the next one comes through.
    }
  }

  // Another address was typed, or a link followed.
  travel() {
    if (location.hash === this.address) return;
    try {
      const { recipe, scene } = readFragment(this.data, location.hash);
      this.state.scene = scene;
      this.follow("scene");
      this.show(recipe);
    } catch (error) {
      this.say(error.message);
    }
  }
}

// A picture made by artstudio, dropped on the page.
function watchDrops(studio) {
  const root = document.documentElement;
  addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    root.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) root.classList.remove("dropping"); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("dropping");
    if (event.dataTransfer.files.length) studio.open(event.dataTransfer.files[0]);
  });
}
