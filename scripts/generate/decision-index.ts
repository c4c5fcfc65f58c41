import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workspace.js';
import { type GeneratedFile, NOTICE } from './generated-file.js';
import { markdownTable } from './markdown.js';

const FOLDER = 'docs/decisions';
const HEADINGS = ['Status', 'Context', 'Decision', 'Consequences'];

function decisionRow(name: string): string[] {
  const text = readFileSync(join(ROOT, FOLDER, name), 'utf8');
  const title = /^# (\d{4}) (.+)$/m.exec(text);
  const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  if (!title || !name.startsWith(`${title[1]}-`) || HEADINGS.join() !== headings.join()) {
    throw new Error(
      `${FOLDER}/${name}: needs the title "# NUMBER TITLE" and the headings ${HEADINGS.join(', ')}.`,
    );
  }
  const status = /^## Status\s+(.+?)\.?$/m.exec(text)?.[1] ?? '';
  return [title[1] ?? '', `[${title[2]}](${name})`, status];
}

/** The list of decision records. */
export function decisionIndex(): GeneratedFile {
  const names = readdirSync(join(ROOT, FOLDER)).filter((name) => /^\d{4}-.+\.md$/.test(name));
  const content = `<!-- ${NOTICE} -->

# Decisions

Each tells what was decided when, and why. A record is not rewritten: a later one replaces it and says so in its status.

${markdownTable(['number', 'decision', 'status'], names.sort().map(decisionRow))}
`;
  return { path: `${FOLDER}/README.md`, content };
}
