import type { Fault } from '@labkeeper/core';
import { type Plan, planFaults } from '@labkeeper/engine';
import type { ConfigPath } from './config-path.js';

/** What the engine calls the keys of the file. */
const KEY_OF: Readonly<Record<string, string>> = {
  inhibitions: 'inhibit',
  escalations: 'escalate',
  matchers: 'match',
  sourceMatchers: 'source',
  targetMatchers: 'target',
};

/**
 * What the engine would refuse of a plan, such as a regular expression that is none or a name that stands twice, at its place in the
 * file. To be asked of a plan that holds every item of the file: places are counted.
 */
export function alertingFaults(plan: Plan, channelPaths: readonly ConfigPath[]): readonly Fault[] {
  return planFaults(plan)
    .filter(isNews)
    .map((fault) => ({
      ...fault,
      path: pathInFile(fault.path, channelPaths),
      message: sentence(fault.message),
    }));
}

/** Channels of escalations were looked for already, among those of faulty items too. */
function isNews({ path: [section, , key] }: Fault): boolean {
  return !(section === 'escalations' && key === 'channels');
}

function pathInFile([section, index, ...rest]: ConfigPath, channelPaths: readonly ConfigPath[]): ConfigPath {
  const inside = rest.filter((step) => step !== 'when').map((step) => KEY_OF[step] ?? step);
  if (section === 'channels') return [...(channelPaths[Number(index)] ?? ['notify']), ...inside];
  return [KEY_OF[section ?? ''] ?? section ?? '', index ?? 0, ...inside];
}

/** As the file's own faults are worded. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
