import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/**
 * Contexts by additional authority. Making one parses every root certificate (20 ms with an authority of one's own);
 * they are immutable, so everybody with the same authorities shares one.
 */
const contexts = new Map<string, SecureContext>();
/** Beyond this the oldest is made again when it is needed; a file has a handful. */
const KEPT_CONTEXTS = 32;

/** The context for connections that trust the well-known authorities and `ca`, a PEM text. */
export function secureContext(ca = ''): SecureContext {
  const known = contexts.get(ca);
  if (known) return known;
  const made = createSecureContext(ca === '' ? {} : { ca: [...rootCertificates, ca] });
  if (contexts.size >= KEPT_CONTEXTS)
    for (const oldest of contexts.keys()) {
      contexts.delete(oldest);
      break;
    }
  contexts.set(ca, made);
  return made;
}

/** SHA-256 of a certificate as hexadecimal digits only, so that `AB:cd…` and `abcd…` are the same. */
export function plainFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
}
