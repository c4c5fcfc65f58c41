/** An IP address. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Which version of the Internet Protocol to use. */
export type IpVersion = 'any' | 4 | 6;

/** The addresses of the wanted version, in their order; for `any` versions 6 and 4 take turns (RFC 8305, section 4). */
export function arrangeAddresses(addresses: readonly Address[], version: IpVersion): readonly Address[] {
  if (version !== 'any') return addresses.filter(({ family }) => family === version);
  const six = addresses.filter(({ family }) => family === 6);
  const four = addresses.filter(({ family }) => family === 4);
  const turns = Array.from({ length: Math.max(six.length, four.length) }, (_, turn) => [
    six[turn],
    four[turn],
  ]);
  return turns.flat().filter((address) => address !== undefined);
}
