// The activation explorer alone.

import { mountExplorer } from "./explorer.js";
import { activationsOf } from "./partaddress.js";

export function mountPart(place, data, address) {
  const explorer = mountExplorer(place, data);
  const travel = (next) => {
    const activation = activationsOf(next);
    if (activation.length) explorer.update({ activation });
  };
  travel(address);
  return travel;
}
