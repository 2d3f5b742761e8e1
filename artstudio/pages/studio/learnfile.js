// A trained network as a picture: its recipe, and a PNG file that carries it.

import { fileStem, saveBlob } from "./dialogs.js";
import { FieldPainter } from "./learnfield.js";
import { pictureBlob } from "./png.js";
import { checkRecipe } from "./recipe.js";
import { packNumbers } from "./trained.js";

const SIDE = 512;

export function trainedRecipe(data, learner) {
  return checkRecipe(data, { ...learner.problem.recipe, activation: [learner.name], weights: packNumbers(learner.numbers) });
}

// A Blob, as `pictureBlob` makes it.
export function trainedBlob(data, training, learner, title) {
  const field = new FieldPainter(data, training);
  // The recipe's own weights are rounded to float32, which no pixel shows.
  const painter = {
    ready: () => {},
    pixels: (recipe, { y, h }) => field.pixels(learner, SIDE).subarray(4 * SIDE * y, 4 * SIDE * (y + h)),
  };
  return pictureBlob(painter, data, trainedRecipe(data, learner), { width: SIDE, height: SIDE, samples: 1, title });
}

export async function saveTrained(data, training, learner, title) {
  const blob = await trainedBlob(data, training, learner, title);
  saveBlob(blob, `${fileStem(trainedRecipe(data, learner))}-${training.steps}-steps.png`);
}
