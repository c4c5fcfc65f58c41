import { isIP } from 'node:net';
import type { Address } from './address.js';

/** The entries of an `/etc/hosts` file: name in lower case → addresses in the order of the file. */
export type HostsFile = ReadonlyMap<string, readonly Address[]>;

/** Reads the text of a hosts file. Lines that are not understood are passed over, as the system does. */
export function parseHostsFile(text: string): HostsFile {
  const entries = new Map<string, Address[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family !== 4 && family !== 6) continue;
    for (const name of names) addTo(entries, name.toLowerCase(), { address, family });
  }
  return entries;
}

function addTo(entries: Map<string, Address[]>, name: string, address: Address): void {
  const known = entries.get(name);
  if (known) known.push(address);
  else entries.set(name, [address]);
}
