// What the address asks for in its query, as `?lang=de&hall=1`: how the page is shown. What it shows stands after the #.

// The value of a name, "" for one without a value, null where it is not asked for.
export function asked(name) {
  return new URLSearchParams(location.search).get(name);
}

// The page's address with another value, or with none for null.
export function addressWith(name, value) {
  const url = new URL(location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  return url.href;
}
