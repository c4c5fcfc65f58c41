/** What `npm run bench -- NAME` passes to the bench. */
export interface BenchOptions {
  /** A run of seconds that shows whether the bench works; its figures are not to be quoted. */
  readonly quick: boolean;
}

/** A value measured elsewhere, to hold ours against. */
export interface Reference {
  readonly name: string;
  readonly value: number;
}

export interface Figure {
  /** Key in the JSON file: lower-case words joined by `_`, with the unit at the end (`cpu_ms_per_check`). */
  readonly key: string;
  /** What it says to people. */
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  /** The bound that the figure must keep. */
  readonly must?: { readonly atMost: number } | { readonly atLeast: number };
  readonly references?: readonly Reference[];
}

export interface BenchReport {
  readonly title: string;
  readonly figures: readonly Figure[];
  /** How it was measured, and what the reader should know. */
  readonly notes?: readonly string[];
}

/** What `bench/NAME/index.ts` exports: `export const run: BenchRun = …`. */
export type BenchRun = (options: BenchOptions) => Promise<BenchReport>;

/** Three digits that mean something: 1234567, 12.3, 0.0456. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 12));
}

function keepsBound({ value, must }: Figure): boolean | undefined {
  if (!must) return undefined;
  return 'atMost' in must ? value <= must.atMost : value >= must.atLeast;
}

function boundText(figure: Figure): string {
  const { must } = figure;
  if (!must) return '';
  const bound = 'atMost' in must ? `≤ ${formatFigure(must.atMost)}` : `≥ ${formatFigure(must.atLeast)}`;
  return `${bound} ${keepsBound(figure) ? 'ok' : 'MISSED'}`;
}

/** `12× Uptime Kuma`: how many times ours the other value is. */
function ratioText({ value, references = [] }: Figure): string {
  return references
    .map((reference) => {
      const ratio = value === 0 ? '∞' : formatFigure(reference.value / value);
      return `${reference.name} ${formatFigure(reference.value)} (${ratio}×)`;
    })
    .join(', ');
}

/** The figures as a table for a terminal. */
export function formatReport({ title, figures, notes = [] }: BenchReport): string {
  const rows = [
    ['figure', 'value', 'unit', 'must', 'others (times ours)'],
    ...figures.map((figure) => [
      figure.label,
      formatFigure(figure.value),
      figure.unit,
      boundText(figure),
      ratioText(figure),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => {
    const cells = row.map((text, column) => {
      const width = widths[column] ?? 0;
      return column === 1 ? text.padStart(width) : text.padEnd(width);
    });
    return cells.join('  ').trimEnd();
  });
  return [title, '', ...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

/** One level of keys and plain values, so that two runs can be compared by anything. */
export function flatFigures({ figures }: BenchReport): Record<string, number> {
  return Object.fromEntries(figures.map(({ key, value }) => [key, value]));
}
