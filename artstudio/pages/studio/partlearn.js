// Learn mode alone.

import { t } from "./language.js";
import { LearnMode } from "./learn.js";
import { exNode } from "./nodes.js";
import { addressWord } from "./partaddress.js";

export function mountPart(place, data, address) {
  const status = exNode("p", { id: "status", role: "status" });
  const element = exNode("div", { id: "learn", tabindex: -1, role: "region", "aria-label": t("Learn") });
  place.replaceChildren(element, status);
  const say = (words) => { status.textContent = words; };
  const learn = new LearnMode(element, { data, say, stage: () => {}, show: null, done: null, shortcuts: { on: true } });
  const travel = (next) => learn.open(addressWord(next, "learn"));
  travel(address);
  return travel;
}
