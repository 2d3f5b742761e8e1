// Several networks that learn the same target from the same raw weights, step by step, each as many as the others.

import { inputChannels } from "./calibrate.js";
import { joinArrays } from "./layers.js";
import { Learner } from "./learner.js";
import { learnableActivation } from "./learnsettings.js";
import { learningTarget } from "./learntarget.js";
import { checkRecipe } from "./recipe.js";

export class Training {
  // `pixels` is a picture of one's own, or null. Throws an Error in one line for settings that cannot be trained.
  constructor(data, settings, pixels = null) {
    this.data = data;
    this.problem = learningProblem(data, settings, pixels);
    this.learners = settings.activations.map((name) => new Learner(data, this.problem, learnableActivation(data, name)));
    this.steps = 0;
    this.turn = 0; // the learner whose turn it is
  }

  // The next learner's step; a step counts when all have made it.
  next({ rate, rates }) {
    const learner = this.learners[this.turn];
    learner.step(rates[learner.name] ?? rate);
    this.turn = (this.turn + 1) % this.learners.length;
    if (!this.turn) this.steps += 1;
  }

  // So many steps, or what comes of them in so many milliseconds; returns how many were ended.
  run(settings, steps, budget) {
    const before = this.steps;
    const end = performance.now() + budget;
    while (this.steps < before + steps) {
      this.next(settings);
      if (performance.now() > end) break;
    }
    return this.steps - before;
  }

  // To the end of a step, at least one learner's part of it.
  finish(settings) {
    do this.next(settings); while (this.turn);
  }

  get ended() {
    return this.learners.every(({ diverged }) => diverged);
  }

  inputsAt({ x, y }) {
    return inputsAt(this.data, this.problem.recipe, x, y);
  }
}

function inputsAt(data, recipe, x, y) {
  return joinArrays(inputChannels(data, recipe, [], x, y));
}

// What all learners share: {settings, target, recipe, inputs, shapes}. `recipe` is that of Python's `base_recipe`.
function learningProblem(data, settings, pixels) {
  const target = learningTarget(data, settings.target, pixels);
  const { features, colour } = data.learning.kinds[target.kind];
  const palette = target.kind === "points" ? data.learning.classes.slice(0, target.channels) : data.recipe.palette;
  const { seed, units, depth } = settings;
  const recipe = checkRecipe(data, { seed, units, depth, features, colour, palette, origin: [0, 0] });
  // As Python rounds them.
  const inputs = inputsAt(data, recipe, target.x, target.y).map(Math.fround);
  const columns = inputs.length / target.x.length;
  const shapes = [...Array.from({ length: depth }, (_, l) => [units, l ? units : columns]), [target.channels, units]];
  return { settings, target, recipe, inputs, shapes };
}
