/** A mail as a mail program reads it. */
export interface ReadMail {
  /** By name in lower case; folded lines joined, encoded words decoded. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
}

/** Reads a mail with two forms of one text (RFC 2045 to 2047), as far as the mails of this plugin go. */
export function readMail(data: string): ReadMail {
  const { headers, body } = split(data);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1] ?? '';
  const parts = body.split(`--${boundary}`).slice(1, -1);
  return { headers, text: partOf(parts, 'text/plain'), html: partOf(parts, 'text/html') };
}

function partOf(parts: readonly string[], type: string): string {
  for (const part of parts) {
    // The line ends around a part belong to the boundary (RFC 2046, section 5.1.1).
    const { headers, body } = split(part.replace(/^\r\n|\r\n$/g, ''));
    if (headers.get('content-type')?.startsWith(type))
      return decoded(body, headers.get('content-transfer-encoding') ?? '').replaceAll('\r\n', '\n');
  }
  return '';
}

function split(data: string): { headers: ReadonlyMap<string, string>; body: string } {
  const end = data.indexOf('\r\n\r\n');
  const headers = new Map<string, string>();
  for (const line of data
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), decodedWords(line.slice(colon + 1).trim()));
  }
  return { headers, body: data.slice(end + 4) };
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  return unquoted(body.replace(/=\r\n/g, ''));
}

function unquoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

/** `=?UTF-8?Q?…?=` and its sibling B; the space between two of them is nothing. */
function decodedWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, form: string, word: string) =>
      form.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString()
        : unquoted(word.replaceAll('_', ' ')),
    );
}
