// Moving over the picture: drag, wheel, pinch, twist, and keys. Everything ends in another view of the recipe.

import { clamped, rounded } from "./values.js";

const ZOOM_STEP = 1.25;
const PAN_STEP = 0.1; // of the canvas's short side
const TURN_STEP = 5; // degrees
const DOUBLE = 2;

// In a frame of another page the wheel scrolls that page, until the picture is clicked.
const isFramed = window.parent !== window;

// `view()` gives the view, `look(view, moving)` takes the next one, `point(x, y)` hears where the mouse is
// on the canvas (short side [-1, 1], y down), null off it.
export function watchGestures(element, { view, look, point }) {
  const pointers = new Map();
  let settle = 0;

  const place = (event) => {
    const box = element.getBoundingClientRect();
    const short = Math.min(box.width, box.height) / 2;
    return [(event.clientX - box.left - box.width / 2) / short, (event.clientY - box.top - box.height / 2) / short];
  };
  const later = () => {
    clearTimeout(settle);
    settle = setTimeout(() => look(view(), false), 200);
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
  });
  element.addEventListener("pointermove", (event) => {
    const now = place(event);
    point(...now);
    if (!pointers.has(event.pointerId)) return;
    const before = [...pointers.values()];
    pointers.set(event.pointerId, now);
    const after = [...pointers.values()];
    if (after.length === 1) look(panned(view(), now[0] - before[0][0], now[1] - before[0][1]), true);
    else if (after.length === 2) look(pinched(view(), before, after), true);
  });
  const release = (event) => {
    if (!pointers.delete(event.pointerId) || pointers.size) return;
    look(view(), false);
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("pointerleave", () => point(null, null));
  element.addEventListener("wheel", (event) => {
    if (isFramed && !event.ctrlKey && document.activeElement !== element) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const by = clamped(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018), -0.7, 0.7);
    const [x, y] = place(event);
    look(event.shiftKey ? turned(view(), Math.sign(event.deltaY || event.deltaX) * TURN_STEP) : zoomed(view(), Math.exp(by), x, y), true);
    later();
  }, { passive: false });
  element.addEventListener("dblclick", (event) => look(zoomed(view(), event.shiftKey ? 1 / DOUBLE : DOUBLE, ...place(event)), false));
}

// What a key does to the view; undefined when it does nothing.
export function viewAfterKey(view, event) {
  const step = event.shiftKey ? 5 * PAN_STEP : PAN_STEP;
  const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
  if (moves[event.key]) return panned(view, ...moves[event.key]);
  if (event.key === "+" || event.key === "=") return zoomed(view, ZOOM_STEP, 0, 0);
  if (event.key === "-" || event.key === "_") return zoomed(view, 1 / ZOOM_STEP, 0, 0);
  if (event.key === "[" || event.key === "]") return turned(view, event.key === "[" ? -TURN_STEP : TURN_STEP);
  if (event.key === "0") return { centre: [0, 0], zoom: 1, rotation: 0 };
  return undefined;
}

// From the canvas (short side [-1, 1], y down) to coordinates, without the centre.
function turnedInto({ zoom, rotation }, x, y) {
  const angle = (rotation * Math.PI) / 180;
  const [c, s] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  return [c * x - s * y, s * x + c * y];
}

// No more digits than can be seen at this zoom, so that commands stay short.
function tidy({ centre, zoom, rotation }) {
  const kept = clamped(zoom, 0.01, 1e6);
  const digits = 4 + Math.max(0, Math.ceil(Math.log10(kept)));
  const place = (value) => clamped(rounded(value, digits), -100, 100);
  const turn = ((((rotation + 180) % 360) + 360) % 360) - 180;
  return { centre: centre.map(place), zoom: Number(kept.toPrecision(5)), rotation: rounded(turn, 2) };
}

function panned(view, dx, dy) {
  const [x, y] = turnedInto(view, dx, dy);
  return tidy({ ...view, centre: [view.centre[0] - x, view.centre[1] - y] });
}

// The point (x, y) of the canvas stays where it is.
function zoomed(view, by, x, y) {
  const next = { ...view, zoom: clamped(view.zoom * by, 0.01, 1e6) };
  const [before, after] = [turnedInto(view, x, y), turnedInto(next, x, y)];
  return tidy({ ...next, centre: [0, 1].map((i) => view.centre[i] + before[i] - after[i]) });
}

function turned(view, degrees) {
  return tidy({ ...view, rotation: view.rotation + degrees });
}

// Two fingers: what lay under each of them stays there.
function pinched(view, [a, b], [c, d]) {
  const [long, longer] = [Math.hypot(b[0] - a[0], b[1] - a[1]), Math.hypot(d[0] - c[0], d[1] - c[1])];
  if (long < 0.01 || longer < 0.01) return view;
  const turn = Math.atan2(d[1] - c[1], d[0] - c[0]) - Math.atan2(b[1] - a[1], b[0] - a[0]);
  const next = {
    zoom: clamped((view.zoom * longer) / long, 0.01, 1e6),
    rotation: view.rotation - (turn * 180) / Math.PI,
  };
  const [before, after] = [
    turnedInto(view, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2),
    turnedInto(next, (c[0] + d[0]) / 2, (c[1] + d[1]) / 2),
  ];
  return tidy({ ...next, centre: [0, 1].map((i) => view.centre[i] + before[i] - after[i]) });
}
