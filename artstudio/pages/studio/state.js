// What is shown: the recipe, with everything seen before and after it, and the scene around it (modes, drawers).

import { firstScene } from "./fragment.js";
import { checkRecipe } from "./recipe.js";
import { withoutStaleWeights } from "./trained.js";
import { sameValue, withValues } from "./values.js";

const MOST_SEEN = 500;

export class StudioState {
  constructor(data, recipe, scene = firstScene()) {
    this.data = data;
    this.recipe = recipe;
    this.scene = scene;
    this.past = [];
    this.future = [];
    this.moving = false;
    this.listeners = [];
  }

  // `listener(what)` is called with "recipe" or "scene" after each change, and "note" after one that is shown already.
  listen(listener) {
    this.listeners.push(listener);
  }

  tell(what) {
    for (const listener of this.listeners) listener(what);
  }

  // Shows another recipe. While `moving` (a slider dragged, a picture panned) all steps become one in the history.
  show(recipe, { moving = false } = {}) {
    if (!sameValue(recipe, this.recipe)) {
      if (!this.moving) this.past = [...this.past, this.recipe].slice(-MOST_SEEN);
      this.future = [];
      this.recipe = recipe;
    }
    this.moving = moving;
    this.tell("recipe");
  }

  // Changes values by name, {name: value}; throws an Error in one line where they make no recipe.
  change(changes, options) {
    this.show(checkRecipe(this.data, withoutStaleWeights(withValues(this.data, this.recipe, changes), this.recipe)), options);
  }

  stage(changes) {
    this.scene = { ...this.scene, ...changes };
    this.tell("scene");
  }

  // What a part of the page shows already, for the address.
  note(changes) {
    this.scene = { ...this.scene, ...changes };
    this.tell("note");
  }

  undo() {
    this.travel(this.past, this.future);
  }

  redo() {
    this.travel(this.future, this.past);
  }

  travel(from, to) {
    if (!from.length) return;
    to.push(this.recipe);
    this.recipe = from.pop();
    this.moving = false;
    this.tell("recipe");
  }
}
