import type { RuleFault } from '../files/rule-fault.js';

/** `{{param "name"}}`: looks like a template of a rule, but is replaced before the YAML is read. */
const PLACEHOLDER = /\{\{-?\s*param\s+"([^"\n]*)"\s*-?\}\}/g;

export interface FilledPack {
  readonly text: string;
  /** Placeholders without a parameter, and parameters that no placeholder asks for: both are slips. */
  readonly faults: readonly RuleFault[];
}

/**
 * Puts the numbers of a rule pack in the places of its `{{param "name"}}`. Lines stay where they are, so that faults found later still
 * point to them. Called when a pack is loaded or one of its parameters changes. `file` is only for messages.
 */
export function fillParameters(
  text: string,
  parameters: Readonly<Record<string, number>>,
  file: string,
): FilledPack {
  const faults: RuleFault[] = [];
  const unused = new Set(Object.keys(parameters));
  const filled = text.replace(PLACEHOLDER, (placeholder, name: string, offset: number) => {
    unused.delete(name);
    if (Object.hasOwn(parameters, name)) return String(parameters[name]);
    faults.push(fault(file, `no parameter '${name}'`, placeOf(text, offset)));
    return placeholder;
  });
  for (const name of unused)
    faults.push(fault(file, `the parameter '${name}' is used nowhere`, { line: 1, column: 1 }));
  return { text: filled, faults };
}

function fault(file: string, message: string, place: { line: number; column: number }): RuleFault {
  return { file, ...place, message, code: 'RULES_PARAMETER' };
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
