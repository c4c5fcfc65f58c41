import { describe, expect, it } from 'vitest';
import { openWithConnections, statementsOf } from '../testing/open-with-connections.js';
import { temporaryFolder } from '../testing/temporary-folder.js';

const newFolder = temporaryFolder();

describe('commits', () => {
  it('of puts at the same time are one', async () => {
    const { store, connections } = await openWithConnections(await newFolder());
    const notes = store.records.collection({ name: 'notes' });
    await notes.put('first', 0);
    const statements = statementsOf(connections);
    await Promise.all(Array.from({ length: 200 }, (_, index) => notes.put(`k${index}`, index)));
    expect(statements.filter((sql) => sql === 'COMMIT;').length).toBe(1);
    expect(await notes.count()).toBe(201);
    await store.close();
  });

  it('of one put that is refused among many keep the others', async () => {
    const { store } = await openWithConnections(await newFolder());
    const notes = store.records.collection<number>({ name: 'notes' });
    const version = await notes.put('taken', 0);
    const outcomes = await Promise.allSettled([
      notes.put('a', 1),
      notes.put('taken', 2, { ifVersion: version + 5 }),
      notes.put('b', 3),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await notes.list()).records.map(({ key, value }) => [key, value])).toEqual([
      ['a', 1],
      ['b', 3],
      ['taken', 0],
    ]);
    await store.close();
  });
});
