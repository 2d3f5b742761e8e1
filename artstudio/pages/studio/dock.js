// The dock: what one does with a picture, as buttons with their keys.

import { t } from "./language.js";
import { exIcon, exNode } from "./nodes.js";

const DICE = "M12 2.8l8 4.6v9.2l-8 4.6-8-4.6V7.4zM4 7.4l8 4.6 8-4.6M12 12v9.2M8 13.4v.01M8 16.6v.01M16.2 13.2v.01M15 15.4v.01M16.2 17.6v.01M12 7.2v.01";

// name: [words, key, icon, group]; the names are those of the studio's actions.
export const DOCK_ITEMS = {
  randomise: [t("Randomise"), "R", DICE, "main"],
  undo: [t("Undo"), "Z", "M9 5L4 10l5 5M4 10h10a5.5 5.5 0 0 1 0 11h-3", "history"],
  redo: [t("Redo"), "Y", "M15 5l5 5-5 5M20 10H10a5.5 5.5 0 0 0 0 11h3", "history"],
  favourite: [t("Favourite"), "L", "M12 20.2S3.8 15 3.8 9.2A4.6 4.6 0 0 1 12 6.4a4.6 4.6 0 0 1 8.2 2.8C20.2 15 12 20.2 12 20.2z", "history"],
  compare: [t("Compare"), "C", "M4 5h16v14H4zM12 3v18", "modes"],
  breed: [t("Breed"), "B", "M4 4h4.5v4.5H4zM9.75 4h4.5v4.5h-4.5zM15.5 4H20v4.5h-4.5zM4 9.75h4.5v4.5H4zM15.5 9.75H20v4.5h-4.5zM4 15.5h4.5V20H4zM9.75 15.5h4.5V20h-4.5zM15.5 15.5H20V20h-4.5zM9.75 9.75h4.5v4.5h-4.5z", "modes"],
  learn: [t("Learn"), "T", "M4 18.500c4 0 4-12 8-12s4 8 8 8M4 5v14.500h16", "modes"],
  animate: [t("Animate"), "A", "M3 12c2.2-6 4.4-6 6.5 0s4.3 6 6.5 0 3.5-6 5-2", "modes"],
  explorer: [t("Explorer"), "E", "M4 4v16h16M6.5 16.500c6 0 4.5-10 12-10", "out"],
  download: [t("Download"), "D", "M12 4v11M7.5 11L12 15.5 16.5 11M4.5 19.500h15", "out"],
  share: [t("Share"), "S", "M9 9h10.500v11H9zM15 9V4.500H4.500v11H9", "out"],
  panel: [t("Controls"), "P", "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.800v4.400M9 14.800v4.4", "out"],
};

export class Dock {
  // `act(name)` does what a button says.
  constructor(element, act) {
    this.buttons = new Map();
    const groups = new Map();
    for (const [name, [words, key, icon, group]] of Object.entries(DOCK_ITEMS)) {
      const button = exNode("button", {
        type: "button", class: `item do-${name}`, title: `${words} (${key})`, "aria-label": words, "aria-keyshortcuts": key, onclick: () => act(name),
      }, exIcon(icon), exNode("span", {}, words));
      this.buttons.set(name, button);
      if (!groups.has(group)) groups.set(group, exNode("div", { class: `group group-${group}` }));
      groups.get(group).append(button);
    }
    element.append(...groups.values());
  }

  // `pressed`: {name: boolean} for what is on or off; `disabled` likewise.
  update(pressed, disabled) {
    for (const [name, on] of Object.entries(pressed)) this.buttons.get(name).setAttribute("aria-pressed", String(on));
    for (const [name, off] of Object.entries(disabled)) this.buttons.get(name).setAttribute("aria-disabled", String(off));
  }
}
