// The Art Studio: begins with the state in the address, and brings its parts together.

import { readEmbedded } from "./embedded.js";
import { firstScene, readFragment } from "./fragment.js";
import { translateData, translateFrame } from "./language.js";
import { Painter } from "./painter.js";
import { embedPart } from "./parts.js";
import { Pictureless } from "./pictureless.js";
import { asked } from "./query.js";
import { Studio } from "./studio.js";
import { randomRecipe } from "./vary.js";
import { welcome } from "./welcome.js";

// Without an address: a new picture each time.
function firstState(data) {
  const address = location.hash.length > 1 ? location.hash : data.start;
  if (address) return readFragment(data, address);
  return { recipe: randomRecipe(data, data.recipe, ["weights", "colours"]), scene: firstScene(), problems: [] };
}

function begin(data) {
  const { recipe, scene, problems } = firstState(data);
  let painter;
  try {
    painter = new Painter(document.getElementById("picture"), data);
  } catch (error) {
    new Pictureless(data, scene).explain(error.message);
    return;
  }
  const studio = new Studio(data, painter, recipe, scene);
  studio.complain(problems);
  if (location.hash.length <= 1 && !data.start) welcome(studio);
}

translateFrame(document.body);
const data = translateData(await readEmbedded("data"));
if (asked("embed") === null) begin(data);
else embedPart(asked("part") ?? "picture", data);
document.documentElement.dataset.ready = "";
