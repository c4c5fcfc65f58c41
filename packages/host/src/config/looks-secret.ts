// Names under which people keep what nobody else may see. Too wide is harmless: a value is then covered in messages.
const SECRET_NAME = /key|token|secret|pass|pwd|webhook|credential|auth|cookie|dsn|private|database_url/i;

/** True for the name of a variable or key that most likely holds a secret: `SLACK_WEBHOOK_URL`, `db-password`. */
export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

const USER_INFO = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^/\s@]+)@/i;

/** The password inside an address such as `postgres://user:password@host/db`, if there is one. */
export function passwordInUrl(text: string): string | undefined {
  return USER_INFO.exec(text)?.[1];
}
