import {
  type Actor,
  type Clock,
  type CollectionDeclaration,
  LabkeeperError,
  type RecordStore,
} from '@labkeeper/core';
import { readAll } from '../paging.js';
import type { RulePackInstance } from './planned-rules.js';
import type { RuleParameter } from './rules.js';

const PARAMETERS: CollectionDeclaration = { name: 'rule_parameters' };

/** A parameter that somebody has changed by API. */
interface ChangedParameter {
  readonly name: string;
  readonly value: number;
  readonly by: Actor;
  readonly atMs: number;
}

/** The parameters of rule packs: defaults of the pack, above them the file, above that what people have changed by API. */
export class RuleParameters {
  readonly #changed = new Map<string, ChangedParameter>();

  constructor(private readonly parts: { readonly records: RecordStore; readonly clock: Clock }) {}

  async load(): Promise<void> {
    const collection = this.parts.records.collection<ChangedParameter>(PARAMETERS);
    for await (const changed of readAll(collection)) this.#changed.set(changed.name, changed);
  }

  list(packs: readonly RulePackInstance[]): readonly RuleParameter[] {
    return packs.flatMap(({ pack, parameters }) =>
      Object.entries(pack.parameters ?? {}).map(
        ([name, { description, default: fallback }]): RuleParameter => {
          const changed = this.#changed.get(name)?.value;
          const given = parameters[name];
          return {
            ...{ pack: pack.name, name, description, default: fallback },
            value: changed ?? given ?? fallback,
            from: changed === undefined ? (given === undefined ? 'default' : 'file') : 'api',
          };
        },
      ),
    );
  }

  /** The values of one pack, by name. `proposed` are looked at first: to see what would become of the rules. */
  valuesOf(
    pack: RulePackInstance,
    proposed: Readonly<Record<string, number | null>> = {},
  ): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.list([pack]).map(({ name, value, default: fallback }) => {
        const wanted = Object.hasOwn(proposed, name) ? proposed[name] : value;
        return [name, wanted ?? pack.parameters[name] ?? fallback];
      }),
    );
  }

  /** Writes changes; null takes one back. Throws VALIDATION_ERROR for names that nobody knows, before anything is written. */
  async set(
    values: Readonly<Record<string, number | null>>,
    { by, packs }: { readonly by: Actor; readonly packs: readonly RulePackInstance[] },
  ): Promise<void> {
    const known = new Set(this.list(packs).map(({ name }) => name));
    const unknown = Object.keys(values).find((name) => !known.has(name));
    if (unknown !== undefined)
      throw new LabkeeperError('VALIDATION_ERROR', `there is no parameter '${unknown}'`, {
        field: unknown,
        allowed: [...known].join(', '),
      });
    const atMs = this.parts.clock.now();
    await this.parts.records.transaction(async (transaction) => {
      const collection = transaction.collection<ChangedParameter>(PARAMETERS);
      for (const [name, value] of Object.entries(values)) {
        if (value === null) await collection.delete(name);
        else await collection.put(name, { name, value, by, atMs });
      }
    });
    for (const [name, value] of Object.entries(values)) {
      if (value === null) this.#changed.delete(name);
      else this.#changed.set(name, { name, value, by, atMs });
    }
  }
}
