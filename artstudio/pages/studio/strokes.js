// The colours of curves, as the printed figures have them.

// As custom properties that follow the theme.
export function exStrokes(root, strokes) {
  strokes.light.forEach((light, i) => {
    const dark = strokes.dark[i];
    root.style.setProperty(`--stroke-${i}`, `light-dark(${light.colour}, ${dark.colour})`);
    root.style.setProperty(`--words-${i}`, `light-dark(${light.text}, ${dark.text})`);
  });
}
