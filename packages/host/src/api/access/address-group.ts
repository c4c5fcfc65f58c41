import { isIPv6 } from 'node:net';

/** Quads of an IPv6 address that a provider gives to one customer: /64. */
const CUSTOMER_QUADS = 4;

/**
 * The address by which attempts are counted. One customer has 2⁶⁴ IPv6 addresses and could try each once, so these count
 * by network; an IPv4 address written as IPv6 counts as itself.
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, CUSTOMER_QUADS).join(':')}::/64`;
}
