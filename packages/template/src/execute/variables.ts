import type { TemplateValue } from '../value.js';

/** The variables that can be seen, innermost last. The parser has checked that every name is there. */
export class Variables {
  readonly #entries: { readonly name: string; value: TemplateValue }[];

  /** `root` is `$`. */
  constructor(root: TemplateValue, preset: Readonly<Record<string, TemplateValue>> = {}) {
    this.#entries = [{ name: '', value: root }];
    for (const [name, value] of Object.entries(preset)) this.declare(name, value);
  }

  get(name: string): TemplateValue {
    return this.#entry(name)?.value;
  }

  declare(name: string, value: TemplateValue): void {
    this.#entries.push({ name, value });
  }

  assign(name: string, value: TemplateValue): void {
    const entry = this.#entry(name);
    if (entry) entry.value = value;
  }

  /** How many there are now, for {@link Variables.forget}. */
  mark(): number {
    return this.#entries.length;
  }

  /** Leaves a block: what was declared since the mark is gone. */
  forget(mark: number): void {
    this.#entries.length = mark;
  }

  #entry(name: string) {
    return this.#entries.findLast((entry) => entry.name === name);
  }
}
