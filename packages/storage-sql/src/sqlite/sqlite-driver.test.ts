import { LabkeeperError } from '@labkeeper/core';
import { expect, it } from 'vitest';
import { loadSqliteDriver } from './sqlite-driver.js';

it('takes the first package that can be loaded', async () => {
  const driver = await loadSqliteDriver(['labkeeper-no-such-driver', '@appthreat/sqlite3']);
  expect(typeof driver.Database).toBe('function');
});

it('says what was tried when there is none', async () => {
  const error: unknown = await loadSqliteDriver(['labkeeper-no-such-driver', 'nor-this-one']).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LabkeeperError);
  const { code, message } = error as LabkeeperError;
  expect(code).toBe('STORAGE_UNAVAILABLE');
  expect(message).toMatch(/labkeeper-no-such-driver: .*; nor-this-one: /);
});
