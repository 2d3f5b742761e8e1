// Formulas and numbers as they are set in print.

import { localDigits, t } from "./language.js";
import { exMath } from "./nodes.js";

const EX_RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// What stands for a number that is not shown yet.
export const MASK = "?";

export function exRaised(whole) {
  return [...String(whole)].map((character) => EX_RAISED[character]).join("");
}

// Digits that a number is read off with; in a lecture hall, few and large.
function digitsShown() {
  return document.documentElement.classList.contains("hall") ? 4 : 6;
}

// As Python's format(x, ".6g"), with a true minus sign and a raised power of ten.
export function exNumber(x, digits = digitsShown()) {
  if (Number.isNaN(x)) return t("undefined");
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const [mantissa, power] = x.toExponential(digits - 1).split("e");
  const small = Number(power) < -4 || Number(power) >= digits;
  const text = small ? mantissa : x.toFixed(digits - 1 - Number(power));
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return localDigits(short).replace("-", "−") + (small ? "×10" + exRaised(Number(power)) : "");
}

const EX_SYMBOLS = {
  geq: "≥", leq: "≤", pi: "π", Phi: "Φ", sum: "∑", lfloor: "⌊", rfloor: "⌋", cdot: "·", alpha: "α", beta: "β",
};
const EX_OPERATORS = new Set("+-=<>()|/,≥≤⌊⌋∑·");

// MathML of the little LaTeX that the registry's formulas use.
export function exFormula(latex, plain) {
  const tokens = latex.match(/\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|[A-Za-z]|\S/gu) || [];
  const parts = exParse(tokens, { at: 0 }, null);
  return exMath("math", { displaystyle: "true", "aria-label": plain, alttext: plain }, exMath("mrow", {}, ...parts));
}

function exParse(tokens, place, end) {
  const parts = [];
  while (place.at < tokens.length && tokens[place.at] !== end) {
    const token = tokens[place.at];
    if (token === "^" || token === "_") {
      place.at += 1;
      const script = exAtom(tokens, place);
      parts.push(exMath(token === "^" ? "msup" : "msub", {}, parts.pop() ?? exMath("mrow"), script));
    } else {
      parts.push(exAtom(tokens, place));
    }
  }
  place.at += 1;
  return parts;
}

function exAtom(tokens, place) {
  const token = tokens[place.at];
  place.at += 1;
  const group = () => {
    if (tokens[place.at] !== "{") return exAtom(tokens, place);
    place.at += 1;
    return exMath("mrow", {}, ...exParse(tokens, place, "}"));
  };
  if (token === "{") return exMath("mrow", {}, ...exParse(tokens, place, "}"));
  if (token === "\\frac") return exMath("mfrac", {}, group(), group());
  if (token === "\\sqrt") return exMath("msqrt", {}, group());
  if (token === "\\mathrm") return exMath("mtext", {}, group().textContent);
  if (token === "\\left" || token === "\\right") {
    place.at += 1;
    return exMath("mo", { stretchy: "true" }, tokens[place.at - 1]);
  }
  if (/^\\[^A-Za-z]$/.test(token)) return exMath("mspace", { width: token === "\\ " ? "0.3em" : "0.17em" });
  const symbol = token.startsWith("\\") ? EX_SYMBOLS[token.slice(1)] : token;
  if (symbol === undefined) return exMath("mi", { mathvariant: "normal" }, token.slice(1));
  if (/^[0-9]/.test(symbol)) return exMath("mn", {}, symbol);
  if (EX_OPERATORS.has(symbol)) return exMath("mo", { stretchy: "false" }, symbol === "-" ? "−" : symbol);
  return exMath("mi", {}, symbol);
}
