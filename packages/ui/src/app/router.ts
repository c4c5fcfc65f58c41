/** Where the page is. */
export type Place =
  | { readonly page: 'overview' }
  | { readonly page: 'server'; readonly serverId: string }
  | { readonly page: 'checks' }
  | { readonly page: 'alerts' };

/** The place that an address names; an unknown one is the overview. */
export function placeOf(path: string): Place {
  const [page, id] = path.split('/').filter((part) => part !== '');
  if (page === 'servers' && id !== undefined) return { page: 'server', serverId: decodeId(id) };
  if (page === 'checks' || page === 'alerts') return { page };
  return { page: 'overview' };
}

/** A hand-typed address may hold a lone `%`. */
function decodeId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** Goes to an address without loading the page anew. The back button comes back. */
export function goTo(path: string): void {
  if (path === location.pathname) return;
  history.pushState(null, '', path);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** A click that should stay in the page: left button, no modifier, a link of this origin. */
export function linkPath(event: MouseEvent): string | undefined {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!isPlain || event.defaultPrevented) return undefined;
  const link = event
    .composedPath()
    .find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
  if (!link || link.origin !== location.origin || link.target !== '' || link.pathname.startsWith('/api/'))
    return undefined;
  return link.pathname;
}
