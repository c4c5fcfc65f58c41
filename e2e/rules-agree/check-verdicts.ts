import { readFileSync } from 'node:fs';
import { readRuleFile } from '@labkeeper/rules';
import { runCli } from '../run-cli.js';
import { promtool } from './shared-rules.js';

/** What is said of a rule file: how many rules it has, or that it is refused. */
export type FileVerdict = number | 'refused';

/** What `promtool check rules` says of each file. One call for all. */
export async function verdictsOfPromtool(files: readonly string[]): Promise<Map<string, FileVerdict>> {
  const { output } = await promtool(['check', 'rules', '--lint=none', ...files]);
  const parts = output.split(/^Checking /m).slice(1);
  return new Map(
    parts.map((part) => {
      const count = /SUCCESS: (\d+) rules found/.exec(part)?.[1];
      return [part.slice(0, part.indexOf('\n')), count === undefined ? 'refused' : Number(count)];
    }),
  );
}

export interface OurVerdicts {
  readonly files: Map<string, FileVerdict>;
  /** The last line of the command. */
  readonly lastLine: string;
  readonly code: number | null;
}

/** What `labkeeper rules check` says of each file. The command counts over all files; per file the same reader is asked. */
export async function verdictsOfLabkeeper(files: readonly string[]): Promise<OurVerdicts> {
  const { stdout, code } = await runCli(['rules', 'check', ...files]);
  const lines = stdout.trimEnd().split('\n');
  const refused = files.filter((file) =>
    lines.some(
      (line) => line.startsWith(`${file}:`) && !/^:\d+:\d+: warning: /.test(line.slice(file.length)),
    ),
  );
  const verdicts = files.map((file): [string, FileVerdict] => {
    const { groups } = readRuleFile(readFileSync(file, 'utf8'), file);
    const count = groups.reduce((sum, { rules }) => sum + rules.length, 0);
    return [file, refused.includes(file) ? 'refused' : count];
  });
  return { files: new Map(verdicts), lastLine: lines.at(-1) ?? '', code };
}
