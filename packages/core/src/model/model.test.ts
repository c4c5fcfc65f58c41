import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roleAllows } from './actor.js';
import { durationMs, formatDuration, parseDuration } from './duration.js';
import { isEntityId, splitEntityId } from './entity.js';
import { fingerprint, isLabelName, isMetricName, labelsKey, seriesKey } from './labels.js';
import { compareSeverity, SEVERITIES } from './severity.js';

describe('durations', () => {
  it.each([
    ['10s', 10_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
    ['1y', 31_536_000_000],
    ['1m30s500ms', 90_500],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '10', 's', '1.5h', '-1s', '10s 5m', '5m1h', '1h1h', 'soon'])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(() => durationMs(text)).toThrow(RangeError);
  });

  it('survive being written and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (ms) => parseDuration(formatDuration(ms)) === ms),
    );
  });
});

describe('labels', () => {
  const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.string({ maxLength: 4 }), {
    maxKeys: 4,
  });
  const withoutEmpty = (set: Record<string, string>) =>
    JSON.stringify(
      Object.entries(set)
        .filter(([, value]) => value !== '')
        .sort(),
    );

  it('have one key per set: whatever the order of names, and different for different sets', () => {
    fc.assert(
      fc.property(labels, labels, (a, b) => {
        const reversed = Object.fromEntries(Object.entries(a).reverse());
        expect(labelsKey(reversed)).toBe(labelsKey(a));
        expect(labelsKey(a) === labelsKey(b)).toBe(withoutEmpty(a) === withoutEmpty(b));
      }),
    );
  });

  it('tell a label from a part of a value', () => {
    expect(seriesKey('up', { a: '1', b: '2' })).not.toBe(seriesKey('up', { a: '11:b1:2' }));
  });

  it('have fingerprints that never change between versions, because alerts are found again by them', () => {
    expect(fingerprint({})).toBe('cbf29ce484222325');
    expect(fingerprint({ alertname: 'CheckDown', check: 'nextcloud' })).toBe(
      fingerprint({ check: 'nextcloud', alertname: 'CheckDown', empty: '' }),
    );
    expect(fingerprint({ alertname: 'CheckDown', check: 'nextcloud' })).toBe('8d733f2c6bcf37c8');
  });

  it('have the alphabet of Prometheus', () => {
    expect(['node_load1', 'job:up:sum', '_x'].every(isMetricName)).toBe(true);
    expect(['1x', 'a-b', '', 'ü'].some(isMetricName)).toBe(false);
    expect(['le', 'instance_2'].every(isLabelName)).toBe(true);
    expect(['__name__', 'a:b', '9'].some(isLabelName)).toBe(false);
  });
});

describe('entity ids', () => {
  it('have a kind and a name that may contain anything but blanks', () => {
    expect(splitEntityId('vm:pve1/104')).toEqual({ kind: 'vm', name: 'pve1/104' });
    expect(splitEntityId('site:nas.lan:8443/x')).toEqual({ kind: 'site', name: 'nas.lan:8443/x' });
    expect(['nas', ':nas', 'server:', 'Server:nas', 'server:my nas'].some(isEntityId)).toBe(false);
  });
});

describe('severities and roles', () => {
  it('sort the worst first', () => {
    expect([...SEVERITIES].reverse().sort(compareSeverity)).toEqual(['critical', 'high', 'medium', 'low']);
  });

  it('allow what the lesser roles allow, and an agent nothing of it', () => {
    expect(roleAllows('admin', 'viewer')).toBe(true);
    expect(roleAllows('viewer', 'operator')).toBe(false);
    expect(roleAllows('agent', 'viewer')).toBe(false);
  });
});
