import { type Matcher, METRIC_NAME_LABEL, type Series } from '@labkeeper/core';

/** Series that one selection can read: every one of `series` meets `matchers`, and no other known one does. */
export interface SeriesGroup {
  readonly series: readonly Series[];
  readonly matchers: readonly Matcher[];
}

/**
 * Splits the series of a metric into groups of at most `most`. A selection knows only "and", so the splitting goes by the
 * label with the most values, and where one value alone has too many series, on by the next label.
 */
export function* groupsOf(group: SeriesGroup, most: number): Generator<SeriesGroup> {
  if (group.series.length <= most) {
    yield group;
    return;
  }
  const { label, byValue } = widestLabel(group.series);
  let [values, gathered]: [string[], Series[]] = [[], []];
  for (const [value, series] of [...byValue].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (gathered.length > 0 && gathered.length + series.length > most) {
      yield* groupsOf(narrowed(group, { label, values, series: gathered }), most);
      [values, gathered] = [[], []];
    }
    values.push(value);
    gathered.push(...series);
  }
  yield* groupsOf(narrowed(group, { label, values, series: gathered }), most);
}

/** Matchers that only this series meets. `labelNames` are those of all series of its metric. */
export function matchersOf({ name, labels }: Series, labelNames: Iterable<string>): Matcher[] {
  const matchers: Matcher[] = [{ label: METRIC_NAME_LABEL, operator: '=', value: name }];
  for (const label of labelNames) matchers.push({ label, operator: '=', value: labelValue(labels, label) });
  return matchers;
}

/** Every label that any of the series has. */
export function labelNamesOf(series: readonly Series[]): Set<string> {
  const names = new Set<string>();
  for (const { labels } of series) for (const name of Object.keys(labels)) names.add(name);
  return names;
}

interface Split {
  readonly label: string;
  readonly byValue: ReadonlyMap<string, Series[]>;
}

/** Series of one metric differ in some label, so the widest one has at least two values and each part is smaller. */
function widestLabel(series: readonly Series[]): Split {
  let widest: Split = { label: METRIC_NAME_LABEL, byValue: new Map() };
  for (const label of [...labelNamesOf(series)].sort()) {
    const byValue = new Map<string, Series[]>();
    for (const one of series) {
      const value = labelValue(one.labels, label);
      const alike = byValue.get(value);
      if (alike) alike.push(one);
      else byValue.set(value, [one]);
    }
    if (byValue.size > widest.byValue.size) widest = { label, byValue };
  }
  return widest;
}

function narrowed(
  { matchers }: SeriesGroup,
  { label, values, series }: { label: string; values: readonly string[]; series: readonly Series[] },
): SeriesGroup {
  const matcher: Matcher =
    values.length === 1
      ? { label, operator: '=', value: values[0] as string }
      : { label, operator: '=~', value: values.map(literally).join('|') };
  return { series, matchers: [...matchers, matcher] };
}

/** A text as the expression that matches only itself. */
function literally(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** A label that a series lacks counts as empty. Own ones only: `constructor` and its like are found on every object. */
function labelValue(labels: Series['labels'], label: string): string {
  return Object.hasOwn(labels, label) ? (labels[label] as string) : '';
}
