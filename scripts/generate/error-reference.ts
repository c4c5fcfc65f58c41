import { ERROR_TABLE, type ErrorEntry, RETIRED_CODES } from '@labkeeper/core';
import { type GeneratedFile, NOTICE } from './generated-file.js';
import { code, markdownTable } from './markdown.js';

/** What every error code means and what to do about it. */
export function errorReference(): GeneratedFile {
  const entries: [string, ErrorEntry][] = Object.entries(ERROR_TABLE);
  const rows = entries.map(([name, { meaning, remedy }]) => [code(name), meaning, remedy]);
  const retired =
    RETIRED_CODES.length === 0 ? '' : `\nNo longer used: ${RETIRED_CODES.map(code).join(', ')}.\n`;
  const content = `<!-- ${NOTICE} -->

# Errors

Every message of Labkeeper that tells of a fault carries one of these codes.

${markdownTable(['code', 'meaning', 'remedy'], rows)}
${retired}`;
  return { path: 'docs/reference/errors.md', content };
}
