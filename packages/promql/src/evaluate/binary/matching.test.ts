import { describe, expect, it } from 'vitest';
import { instant, range, series, valuesOf } from '../testing/memory-series.js';

const requests = [
  series('requests', { host: 'a', code: '200' }, [10, 20]),
  series('requests', { host: 'a', code: '500' }, [1, 2]),
  series('requests', { host: 'b', code: '200' }, [30, 40]),
];
const hosts = [
  series('host_info', { host: 'a', rack: 'left' }, [1, 1]),
  series('host_info', { host: 'b', rack: 'right' }, [2, 2]),
];
const all = [...requests, ...hosts];

describe('a binary operation', () => {
  it('finds the partner by all labels, and drops the name', async () => {
    expect(valuesOf(await instant('requests + requests', 0, all))).toEqual({
      '{code=200,host=a}': 20,
      '{code=500,host=a}': 2,
      '{code=200,host=b}': 60,
    });
  });

  it('keeps the labels of the match alone with on, and all but the ignored with ignoring', async () => {
    expect(valuesOf(await instant('requests{code="200"} * on(host) host_info', 0, all))).toEqual({
      '{host=a}': 10,
      '{host=b}': 60,
    });
    expect(
      valuesOf(await instant('requests{code="500"} / ignoring(code) requests{code="200"}', 0, all)),
    ).toEqual({
      '{host=a}': 0.1,
    });
  });

  it('takes many on one side with group_left or group_right, and includes labels of the one', async () => {
    const many = {
      '{code=200,host=a,rack=left}': 10,
      '{code=500,host=a,rack=left}': 1,
      '{code=200,host=b,rack=right}': 60,
    };
    expect(valuesOf(await instant('requests * on(host) group_left(rack) host_info', 0, all))).toEqual(many);
    expect(valuesOf(await instant('host_info * on(host) group_right(rack) requests', 0, all))).toEqual(many);
    expect(valuesOf(await instant('host_info - on(host) group_right requests{code="500"}', 0, all))).toEqual({
      '{code=500,host=a}': 0,
    });
  });

  it('filters by a comparison, with name and value of the left; or says 1 and 0 with bool', async () => {
    expect(
      valuesOf(await instant('requests > on(host, code) requests offset 10s', 10_000, all)),
    ).toMatchObject({
      '{code=200,host=a}': 20,
    });
    expect(valuesOf(await range('requests{host="b"} > 30', 10_000, all))).toEqual({
      'requests{code=200,host=b}': [40],
    });
    expect(valuesOf(await range('30 < bool requests{host="b"}', 10_000, all))).toEqual({
      '{code=200,host=b}': [0, 1],
    });
  });

  it('takes the value of the right vector where a filter has many on the right', async () => {
    expect(valuesOf(await instant('host_info < on(host) group_right requests', 0, all))).toEqual({
      'requests{code=200,host=a}': 1,
      'requests{code=200,host=b}': 2,
    });
  });
});

describe('operands that do not match clearly', () => {
  it('are refused when several of the side of one agree', async () => {
    await expect(instant('host_info * on(host) requests', 0, all)).rejects.toThrow(
      'found duplicate series for the match group {host="a"} on the right hand-side of the operation: [{__name__="requests", code="500", host="a"}, {__name__="requests", code="200", host="a"}];many-to-many matching not allowed: matching labels must be unique on one side',
    );
    await expect(instant('host_info * on(__name__) requests', 0, all)).rejects.toThrow(
      'for the match group {__name__="requests"} on the right hand-side',
    );
    await expect(instant('requests * on(host) group_right host_info', 0, all)).rejects.toThrow(
      'on the left hand-side',
    );
  });

  it('are refused when many meet one and nobody said so', async () => {
    await expect(instant('requests * on(host) host_info', 0, all)).rejects.toThrow(
      'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
    );
  });

  it('are refused when many become one series', async () => {
    const doubled = [
      series('m', { host: 'a', rack: 'x' }, [1]),
      series('m', { host: 'a', rack: 'y' }, [2]),
      ...hosts,
    ];
    await expect(instant('m * on(host) group_left(rack) host_info', 0, doubled)).rejects.toThrow(
      'multiple matches for labels: grouping labels must ensure unique matches',
    );
  });

  it('are fine while they are not there at the same time', async () => {
    const moved = [
      series('host_info', { host: 'a', rack: 'left' }, [1, 'stale']),
      series('host_info', { host: 'a', rack: 'right' }, [undefined, 2]),
      series('load', { host: 'a' }, [10, 10]),
    ];
    expect(valuesOf(await range('load * on(host) host_info', 10_000, moved))).toEqual({
      '{host=a}': [10, 20],
    });
    expect(valuesOf(await range('host_info * on(host) load', 10_000, moved))).toEqual({
      '{host=a}': [10, 20],
    });
    expect(valuesOf(await range('load * on(host) group_left(rack) host_info', 10_000, moved))).toEqual({
      '{host=a,rack=left}': [10],
      '{host=a,rack=right}': [20],
    });
  });
});

describe('set operators', () => {
  it('keep what has a partner, what has none, or add what is missing', async () => {
    expect(valuesOf(await instant('requests and on(host) host_info{rack="right"}', 0, all))).toEqual({
      'requests{code=200,host=b}': 30,
    });
    expect(valuesOf(await instant('requests unless on(host) host_info{rack="right"}', 0, all))).toEqual({
      'requests{code=200,host=a}': 10,
      'requests{code=500,host=a}': 1,
    });
    expect(valuesOf(await instant('requests{host="b"} or on(host) host_info', 0, all))).toEqual({
      'requests{code=200,host=b}': 30,
      'host_info{host=a,rack=left}': 1,
    });
  });

  it('look at each step for itself', async () => {
    const text = 'requests{code="200"} and requests{code="200"} > 15';
    expect(valuesOf(await range(text, 10_000, all))).toEqual({
      'requests{code=200,host=a}': [20],
      'requests{code=200,host=b}': [30, 40],
    });
    expect(valuesOf(await range('requests{host="b"} > 35 or host_info{host="b"}', 10_000, all))).toEqual({
      'host_info{host=b,rack=right}': [2, 2],
      'requests{code=200,host=b}': [40],
    });
  });
});

describe('arithmetic', () => {
  it('is that of Go', async () => {
    const cases = {
      '1 ^ NaN': 1,
      '-1 ^ Inf': -1,
      '(-1) ^ Inf': 1,
      'NaN ^ 0': 1,
      '-5 % 3': -2,
      '5 % Inf': 5,
      '1 / 0': Number.POSITIVE_INFINITY,
    };
    for (const [text, expected] of Object.entries(cases))
      expect((await instant(text, 0, [])).value, text).toMatchObject({ value: expected });
    expect((await instant('Inf % 2', 0, [])).value).toMatchObject({ value: Number.NaN });
  });
});
