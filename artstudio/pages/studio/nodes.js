// Elements without markup in strings: the page's policy lets no text become markup.

const EX_SVG = "http://www.w3.org/2000/svg";
const EX_MATH = "http://www.w3.org/1998/Math/MathML";

// Attributes by name; a name that begins with `on` is an event and its listener; false and null are left out.
export function exNode(tag, attributes = {}, ...children) {
  return exDress(document.createElement(tag), attributes, children);
}

export function exSvg(tag, attributes = {}, ...children) {
  return exDress(document.createElementNS(EX_SVG, tag), attributes, children);
}

export function exMath(tag, attributes = {}, ...children) {
  return exDress(document.createElementNS(EX_MATH, tag), attributes, children);
}

export function exSet(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

function exDress(element, attributes, children) {
  exSet(element, attributes).append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// An icon of lines in a 24 x 24 box, as the gallery's page has them.
export function exIcon(path) {
  const line = exSvg("path", { d: path });
  return exSvg("svg", { viewBox: "0 0 24 24", class: "ex-icon", "aria-hidden": "true" }, line);
}

// Calls `draw` now and whenever the element's width changes, once a frame at most.
export function exOnResize(element, draw) {
  let width = 0;
  let frame = 0;
  new ResizeObserver(() => {
    if (Math.abs(element.clientWidth - width) < 0.5) return;
    width = element.clientWidth;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  }).observe(element);
}
