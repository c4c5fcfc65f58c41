import assert from 'node:assert/strict';
import { type Command, type ErrorCode, type Reply, ROLES, SYSTEM_ACTOR } from '@labkeeper/core';
import { checkOptions, resolveOptions } from '@labkeeper/core/runtime';
import { createLab } from '../lab/lab.js';
import { type ConformanceCase, type Deviation, registerCases } from './conformance-case.js';
import { optionProblems } from './option-schema.js';

/** A command under test. */
export interface CommandSubject {
  readonly command: Command;
  /** Arguments that work. */
  readonly options: () => unknown;
  readonly invalid: readonly { readonly options: unknown; readonly code: ErrorCode }[];
}

/** Promises of commands. */
export const commandCases: readonly ConformanceCase<CommandSubject>[] = [
  {
    name: 'has a name that can be typed, a summary and a permission',
    run({ command }) {
      assert.match(command.name, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      assert.match(command.summary, /^[A-Z].*\.$/, 'the summary is a sentence');
      assert.ok(ROLES.includes(command.permission), `'${command.permission}' is a role`);
    },
  },
  {
    name: 'describes its arguments and refuses faulty ones',
    run({ command, options, invalid }) {
      assert.deepEqual(optionProblems(command.options), []);
      assert.deepEqual(checkOptions(command.options, options()), []);
      for (const { options: faulty, code } of invalid) {
        const codes = checkOptions(command.options, faulty).map((fault) => fault.code);
        assert.ok(codes.includes(code), `expected ${code} for ${JSON.stringify(faulty)}`);
      }
    },
  },
  {
    name: 'answers with blocks that say something',
    async run(subject) {
      const { blocks } = await runOnce(subject);
      assert.ok(blocks.length > 0, 'a reply has blocks');
      for (const block of blocks) {
        if (block.kind === 'text') assert.ok(block.text.trim() !== '', 'a text block has text');
        if (block.kind !== 'table') continue;
        for (const row of block.rows)
          assert.equal(row.length, block.columns.length, 'every row has every column');
      }
    },
  },
];

/** Registers the whole suite for a command. Call it at the top of a test file. */
export function conformCommand(
  subject: CommandSubject & { readonly deviations?: readonly Deviation[] },
): void {
  const { command, deviations = [] } = subject;
  registerCases({ name: `command /${command.name} conforms`, cases: commandCases, subject, deviations });
}

async function runOnce({ command, options }: CommandSubject): Promise<Reply> {
  const lab = createLab();
  const signal = new AbortController().signal;
  const context = lab.context(command.name, resolveOptions(command.options, options()), signal);
  return command.run({ ...context, actor: SYSTEM_ACTOR });
}
