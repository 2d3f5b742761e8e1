// The Art Studio: begins with the state in the address, and brings its parts together.

import { exNode } from "./nodes.js";
import { Painter } from "./painter.js";
import { firstScene, readFragment } from "./fragment.js";
import { randomRecipe } from "./vary.js";
import { Studio } from "./studio.js";
import { mountExplorer } from "./explorer.js";

const data = JSON.parse(document.getElementById("data").textContent);

// Without an address: a new picture each time.
function firstState() {
  if (location.hash.length > 1) {
    try {
      return { ...readFragment(data, location.hash), words: "" };
    } catch (error) {
      return { recipe: data.recipe, scene: firstScene(), words: error.message };
    }
  }
  return { recipe: randomRecipe(data, data.recipe, ["weights", "colours"]), scene: firstScene(), words: "" };
}

// Where nothing can be painted: why, and the explorer, which needs no graphics card.
function explainTrouble(reason) {
  document.documentElement.classList.add("without-picture");
  const trouble = document.getElementById("trouble");
  trouble.replaceChildren(
    exNode("h2", {}, "No picture here"), exNode("p", {}, reason),
    exNode("p", {}, "The page paints with WebGL 2. Every current browser has it; it may be switched off in the settings (hardware acceleration), or the graphics driver may be too old. Beside this you find the activation explorer, which works without."));
  trouble.hidden = false;
  const explorer = document.getElementById("explorer");
  explorer.hidden = false;
  mountExplorer(explorer, data);
}

function begin() {
  let painter;
  try {
    painter = new Painter(document.getElementById("picture"), data);
  } catch (error) {
    explainTrouble(error.message);
    return;
  }
  const { recipe, scene, words } = firstState();
  const studio = new Studio(data, painter, recipe, scene);
  if (words) studio.say(words);
}

begin();
document.documentElement.dataset.ready = "";
