import { css, html, svg, type TemplateResult } from 'lit';

const WIDTH = 100;
const HEIGHT = 28;

/** Styles for {@link sparkline}. */
export const sparklineStyles = css`
  .sparkline {
    display: block;
    width: 100%;
    height: 28px;
    color: var(--_accent);
  }
`;

/**
 * A line without axes: how a number went lately. `null` leaves a gap. `maximum` is the value at the top.
 * Said aloud by whatever stands beside it, so hidden from screen readers.
 */
export function sparkline(values: readonly (number | null)[], maximum: number): TemplateResult {
  const path = sparklinePath(values, maximum);
  return html`<svg class="sparkline" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<path d="${areaOf(path)}" fill="currentColor" opacity=".12"/><path d="${path}" fill="none" stroke="currentColor" stroke-width="1.5" vector-effect="non-scaling-stroke" stroke-linejoin="round"/>`}
  </svg>`;
}

/** The path of the line, a new piece after every gap. */
export function sparklinePath(values: readonly (number | null)[], maximum: number): string {
  const step = WIDTH / Math.max(1, values.length - 1);
  let path = '';
  let isDrawing = false;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      isDrawing = false;
      return;
    }
    const share = maximum > 0 ? Math.min(1, Math.max(0, value / maximum)) : 0;
    const y = 1 + (HEIGHT - 2) * (1 - share);
    path += `${isDrawing ? 'L' : 'M'}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    isDrawing = true;
  });
  return path;
}

/** The surface under each piece of the line. */
function areaOf(path: string): string {
  return path
    .split(/(?=M)/)
    .filter((piece) => piece.includes('L'))
    .map((piece) => {
      const first = /^M([\d.]+)/.exec(piece)?.[1] ?? '0';
      const last = /L([\d.]+) [\d.]+$/.exec(piece)?.[1] ?? first;
      return `${piece}L${last} ${HEIGHT}L${first} ${HEIGHT}Z`;
    })
    .join('');
}
