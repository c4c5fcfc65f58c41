import type { Fault, Secrets, TSchema } from '@labkeeper/core';
import { checkOptions, resolveOptions } from '@labkeeper/core/runtime';
import { type ConfigPath, valueAt } from './config-path.js';
import type { ConfigSource } from './config-source.js';
import { convertInterpolated } from './convert-interpolated.js';
import type { InterpolatedSource } from './interpolate-source.js';
import { withoutFaults } from './without-faults.js';

/** A value that fits its schema. Still as in the file: without defaults, secrets as text. */
export interface Checked {
  readonly value: unknown;
  readonly valid: boolean;
  /** Of a value with faults, what is left without them, when that fits: further mistakes can be looked for in it. */
  readonly sound?: unknown;
}

/** One reading of one file: collects all faults with their positions and hides the secrets it meets. */
export class Reading {
  readonly #source: ConfigSource;
  readonly #interpolated: InterpolatedSource;
  readonly #secrets: Secrets;
  readonly #faults: Fault[] = [];
  readonly #warnings: Fault[] = [];

  constructor(source: ConfigSource, interpolated: InterpolatedSource, secrets: Secrets) {
    this.#source = source;
    this.#interpolated = interpolated;
    this.#secrets = secrets;
    this.#faults.push(...interpolated.faults);
  }

  report(...faults: readonly Fault[]): void {
    this.#faults.push(...faults.map((fault) => this.#locate(fault)));
  }

  warn(...warnings: readonly Fault[]): void {
    this.#warnings.push(...warnings.map((fault) => this.#locate(fault)));
  }

  /**
   * Every fault. What is wrong with a value that could not even be filled in is left out: it would only repeat, in
   * other words, that a variable is missing.
   */
  get faults(): readonly Fault[] {
    const unfilled = new Set(this.#interpolated.faults.map(({ path }) => JSON.stringify(path)));
    return this.#faults.filter(
      (fault) => this.#interpolated.faults.includes(fault) || !unfilled.has(JSON.stringify(fault.path)),
    );
  }

  get warnings(): readonly Fault[] {
    return this.#warnings;
  }

  /** Checks the value at `path` and reports what does not fit. Secrets in a faulty value are protected first. */
  check(schema: TSchema, value: unknown, path: ConfigPath): Checked {
    let checked = value;
    let faults = checkOptions(schema, checked);
    if (faults.length === 0) return { value, valid: true };
    this.resolve(schema, value);
    checked = convertInterpolated(checked, faults, (inner) => this.#isInterpolated([...path, ...inner]));
    if (checked !== value) faults = checkOptions(schema, checked);
    this.reportInside(path, value, faults);
    if (faults.length === 0) return { value: checked, valid: true };
    const sound = withoutFaults(checked, faults);
    const isSound = sound !== undefined && checkOptions(schema, sound).length === 0;
    return { value: checked, valid: false, ...(isSound ? { sound } : {}) };
  }

  /** The value as a plugin gets it: defaults filled in, secrets wrapped and from now on protected, frozen. */
  resolve(schema: TSchema, value: unknown): unknown {
    return resolveOptions(schema, value as never, (text) => this.protect(text)) as unknown;
  }

  /** Reports faults whose paths begin at `path`. */
  reportInside(path: ConfigPath, value: unknown, faults: readonly Fault[]): void {
    for (const fault of faults) {
      const full = [...path, ...fault.path];
      if (mayShowSecret(fault, valueAt(value, fault.path))) this.#source.hide(full);
      const located = this.#locate({ ...fault, path: full });
      this.#faults.push(shortenKey(located, (key) => this.#source.hideKey(full, key)));
    }
  }

  /** Hides a text wherever it may turn up: in the log, in messages, and in the lines that messages quote. */
  protect(text: string): void {
    this.#secrets.protect(text);
    this.#source.hideText(text);
  }

  /** Hides what stands at `path` in the lines that messages quote. */
  hide(path: ConfigPath): void {
    this.#source.hide(path);
  }

  #isInterpolated(path: ConfigPath): boolean {
    const node = this.#source.nodeAt(path);
    return node !== undefined && this.#interpolated.whole.has(node);
  }

  #locate(fault: Fault): Fault {
    if (fault.position) return fault;
    const isKey = KEY_CODES.has(fault.code);
    const position = isKey
      ? this.#source.positionOfKey(fault.path)
      : this.#source.positionOfValue(fault.path);
    return { ...fault, position };
  }
}

/** Longest name of an option that anybody would give. */
const LONGEST_KEY = 40;

/** A key of several words, or a very long one, is a line whose colon is missing: what follows may be the secret. */
function shortenKey(fault: Fault, hide: (shown: number) => void): Fault {
  const key = fault.path.at(-1);
  if (fault.code !== 'CONFIG_UNKNOWN_KEY' || typeof key !== 'string') return fault;
  const shown = (/^\S*/.exec(key)?.[0] ?? '').slice(0, LONGEST_KEY);
  if (shown === key) return fault;
  hide(shown.length);
  const short = `${shown}…`;
  return {
    ...fault,
    path: [...fault.path.slice(0, -1), short],
    message: `\`${short}\` is not known here. Is a colon missing?`,
    found: short,
  };
}

/** Faults that are about a key and not about its value. */
const KEY_CODES: ReadonlySet<string> = new Set([
  'CONFIG_UNKNOWN_KEY',
  'CONFIG_MISSING_KEY',
  'PLUGIN_UNKNOWN_CONTRIBUTION',
] satisfies Fault['code'][]);

/** Under a misspelt key, or where something else belongs, a text may be the secret that should stand elsewhere. */
function mayShowSecret(fault: Fault, value: unknown): boolean {
  if (fault.code === 'CONFIG_UNKNOWN_KEY' || fault.code === 'PLUGIN_UNKNOWN_CONTRIBUTION') return true;
  if (fault.code !== 'CONFIG_WRONG_TYPE') return false;
  return typeof value === 'object' || (typeof value === 'string' && !fault.found?.includes(value));
}
