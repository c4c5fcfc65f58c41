import { describe, expect, it } from 'vitest';
import { placeOf } from '../app/router.js';
import { sparklinePath } from './sparkline.js';

describe('a small line', () => {
  it('has a gap where nothing was measured', () => {
    expect(sparklinePath([0, 50, null, 100, 50], 100)).toBe('M0.0 27.0L25.0 14.0M75.0 1.0L100.0 14.0');
  });

  it('stays within its box, whatever the values', () => {
    expect(sparklinePath([-5, 500, Number.NaN], 100)).toBe('M0.0 27.0L50.0 1.0');
    expect(sparklinePath([3, 4], 0)).toBe('M0.0 27.0L100.0 27.0');
    expect(sparklinePath([], 100)).toBe('');
  });
});

describe('an address', () => {
  it('names a place, and an unknown one the overview', () => {
    expect(placeOf('/')).toEqual({ page: 'overview' });
    expect(placeOf('/servers/my%20nas')).toEqual({ page: 'server', serverId: 'my nas' });
    expect(placeOf('/servers/100%')).toEqual({ page: 'server', serverId: '100%' });
    expect(placeOf('/alerts/')).toEqual({ page: 'alerts' });
    expect(placeOf('/nowhere')).toEqual({ page: 'overview' });
  });
});
