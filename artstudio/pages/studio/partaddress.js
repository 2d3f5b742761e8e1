// What an address names, for parts that know no recipes.

import { splitList } from "./values.js";

// The word of a name in an address such as `#seed=7&activation=step,tanh`; "" where there is none.
export function addressWord(address, name) {
  const pair = address.slice(1).split("&").find((one) => one.startsWith(`${name}=`)) ?? "";
  try {
    return decodeURIComponent(pair.slice(name.length + 1));
  } catch {
    return ""; // cut short within a sign
  }
}

// Its activations.
export function activationsOf(address) {
  return splitList(addressWord(address, "activation"));
}
