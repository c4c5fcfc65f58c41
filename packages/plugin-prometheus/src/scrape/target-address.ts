/** What a target's text says; without a scheme it says only where. */
export interface TargetAddress {
  /** `host` or `host:port`. */
  readonly address: string;
  readonly scheme?: string;
  readonly path?: string;
  readonly params?: readonly (readonly [name: string, value: string])[];
}

/** Reads `host`, `host:port` or a whole address. Undefined when it is none of these, or has credentials in it. */
export function parseTarget(text: string): TargetAddress | undefined {
  return text.includes('://') ? parseAddress(text) : parseHost(text);
}

function parseAddress(text: string): TargetAddress | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  return {
    address: url.host,
    scheme: url.protocol.slice(0, -1),
    params: [...url.searchParams],
    // An address without a path says nothing about it.
    ...(url.pathname === '/' ? {} : { path: url.pathname }),
  };
}

function parseHost(text: string): TargetAddress | undefined {
  const hasMore = /[/?#@\\\s]/.test(text);
  return !hasMore && URL.canParse(`http://${text}`) ? { address: text } : undefined;
}
