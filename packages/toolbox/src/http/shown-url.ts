/**
 * A URL as people may see it: without credentials, and without the values of its query, which often hold a token.
 * The names of the query stay, because they tell two requests apart.
 */
export function shownUrl(url: URL): string {
  const names = [...new Set(url.searchParams.keys())];
  const query = names.length === 0 ? '' : `?${names.map((name) => `${name}=…`).join('&')}`;
  return `${url.protocol}//${url.host}${url.pathname}${query}`;
}
