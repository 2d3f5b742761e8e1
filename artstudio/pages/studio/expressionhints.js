// What people write in mathematics and other programs, and how an expression has it.

// {found, meant} for the first such form in a text that could not be read; null for none. `forms` are the pairs of
// Python's `USUAL_FORMS`: a pattern, and what is meant with {0}, {1} for its groups.
export function usualForm(text, forms) {
  for (const [pattern, form] of forms) {
    const match = new RegExp(pattern).exec(text);
    if (match) return { found: match[0].trim(), meant: form.replaceAll(/\{(\d)\}/g, (_, group) => match[Number(group) + 1].trim()) };
  }
  return null;
}
