/** A name and an address, apart: what puts them together again quotes and encodes as its form wants. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** Takes a mailbox of the options apart, whose form has been checked: `Some Name <name@example.org>`, or the address alone. */
export function parseMailbox(text: string): Mailbox {
  const bracket = text.lastIndexOf(' <');
  if (bracket < 0) return { name: '', address: text };
  return { name: text.slice(0, bracket).trim(), address: text.slice(bracket + ' <'.length, -1) };
}

/** The part after the `@`. */
export function domainOf({ address }: Mailbox): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
