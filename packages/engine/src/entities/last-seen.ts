import { type Clock, type EntityId, type Series, splitEntityId } from '@labkeeper/core';
import type { SampleIngest } from '../ingest/sample-ingest.js';
import type { EntityBook } from './entity-book.js';

/** When a server was last heard of. Read by rules that say when it is offline. */
const LAST_SEEN = 'labkeeper_entity_last_seen_timestamp_seconds';
/** Checks say themselves what they know of services; servers are silent when they are gone. */
const KIND = 'server';

/** Writes when servers were last seen, as samples. */
export class LastSeen {
  readonly #series = new Map<EntityId, Series>();

  constructor(
    private readonly parts: {
      readonly clock: Clock;
      readonly entities: EntityBook;
      readonly ingest: SampleIngest;
    },
  ) {}

  /** Called every 15 seconds. */
  write(): void {
    const { clock, entities, ingest } = this.parts;
    for (const [id, seenMs] of entities.lastSeen()) {
      const series = this.#series.get(id) ?? this.#newSeries(id);
      if (series && seenMs > 0) ingest.push(series, clock.now(), seenMs / 1_000);
    }
  }

  #newSeries(id: EntityId): Series | undefined {
    const { kind, name } = splitEntityId(id);
    if (kind !== KIND) return undefined;
    const series = this.parts.ingest.series(LAST_SEEN, { kind, instance: name, entity: id });
    this.#series.set(id, series);
    return series;
  }
}
