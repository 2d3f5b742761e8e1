// What the explorer shows, as addresses and questions have it.

import { EX_CLASSES } from "./softmax.js";

export const EX_RANGES = [2, 4, 6, 10, 20, 50, 100];
export const EX_FARTHEST = 100;
export const EX_MOST = 12;
const FIRST_SCORES = [2, 1, 0.1];

// For the address: no functions where they are the picture's.
export function explorerScene({ state, softmax, followed }) {
  const { shown, focus, z, half, layers } = state;
  const { scores, temperature } = softmax.state;
  const follows = shown.join() === followed && focus === shown[0];
  return {
    functions: follows ? [] : shown, focus: follows || focus === shown[shown.length - 1] ? "" : focus, z, range: half, layers, scores, temperature,
  };
}

// Shows what there is of a scene; functions that cannot be read are left out.
export function arrangeExplorer(explorer, { functions = [], focus = "", z, range, layers, scores, temperature }) {
  const shown = [...new Set(functions.flatMap((name) => explorer.known(name)))].slice(0, EX_MOST);
  const [chosen] = focus ? explorer.known(focus) : [];
  const changes = {};
  if (shown.length) Object.assign(changes, { shown, focus: shown.includes(chosen) ? chosen : shown[shown.length - 1] });
  if (range !== undefined) changes.half = EX_RANGES.find((one) => one >= Math.min(EX_FARTHEST, range)) ?? EX_FARTHEST;
  if (layers !== undefined) changes.layers = Math.round(layers);
  if (z !== undefined) changes.z = z;
  if (scores) explorer.softmax.set({ scores: scores.length < 2 ? FIRST_SCORES : scores.slice(0, EX_CLASSES) });
  if (temperature !== undefined) explorer.softmax.set({ temperature });
  explorer.set(changes);
  if (z !== undefined) explorer.zField.value = z; // even while it has the focus
}

// What answers may speak of: the point, f and f' of the chosen function there, and what depth and softmax are set to.
export function explorerReadings({ state, softmax, functions }) {
  const { focus, z, layers } = state;
  const { f, slope } = functions.get(focus);
  return { z, f_z: f(z), slope_z: slope(z), product: slope(z) ** layers, layers, temperature: softmax.state.temperature };
}
