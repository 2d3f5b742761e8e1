// The keys: single ones where nobody is typing, arrows for the picture when it has the focus.

import { DOCK_ITEMS } from "./dock.js";
import { viewAfterKey } from "./gestures.js";
import { t } from "./language.js";

const LETTERS = new Map([
  ...Object.entries(DOCK_ITEMS).map(([name, [, key]]) => [key.toLowerCase(), name]),
  ["h", "bare"], ["f", "full"], ["j", "hall"], ["?", "help"],
]);

export const KEY_HELP = [
  ...Object.values(DOCK_ITEMS).map(([words, key]) => [[key], words]),
  [["H"], t("Hide or show the controls")],
  [["F"], t("Full screen")],
  [["J"], t("Lecture hall: large type for a projector")],
  [["PgUp", "PgDn"], t("Lecture hall: back and on, by a presenter's remote too")],
  [["B"], t("Lecture hall: a blank screen")],
  [["←", "→", "↑", "↓"], t("Move, with Shift further")],
  [["+", "−"], t("Zoom")],
  [["[", "]"], t("Turn")],
  [["0"], t("Reset view")],
  [[t("Space")], t("Learn: play and pause")],
  [["."], t("Learn: one step")],
  [[t("Esc")], t("Back to the picture")],
  [["?"], t("These keys")],
];

export function watchKeys(studio) {
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const letter = event.key.toLowerCase();
    const typing = isTyping(event.target);
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !typing && (letter === "z" || letter === "y")) {
      event.preventDefault();
      studio.act(letter === "y" || event.shiftKey ? "redo" : "undo");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") escape(studio, event);
    else if (!typing) pressed(studio, event, letter);
  });
}

function pressed(studio, event, letter) {
  if (document.activeElement === studio.canvas || document.activeElement === document.body) {
    const view = viewAfterKey(studio.recipe.view, event);
    if (view) {
      event.preventDefault();
      studio.change(view, { moving: event.repeat });
      return;
    }
  }
  const name = LETTERS.get(letter);
  if (!name || !studio.shortcuts.on || event.target.closest?.(".explorer")) return;
  event.preventDefault();
  studio.act(name);
}

function escape(studio, event) {
  const root = document.documentElement;
  if (root.classList.contains("bare")) root.classList.remove("bare");
  else if (event.target.closest?.(".explorer")) return;
  else if (studio.scene.mode !== "picture") studio.stage({ mode: "picture" });
  else if (studio.scene.explorer) studio.stage({ explorer: false });
  else if (studio.panelOpen && event.target.closest?.("#panel")) studio.openPanel(false);
  studio.canvas.focus();
}

// Sliders and switches take arrows and the space bar, but no letters.
function isTyping(target) {
  return target.isContentEditable || target.matches?.("textarea, select, input:not([type=range], [type=checkbox])");
}
