import { css, html, svg, type TemplateResult } from 'lit';
import type { AlertStatus, ServerStatus, Severity, VerdictStatus } from '../data/api-types.js';

/** What a sign stands for. */
export type Sign = 'up' | 'degraded' | 'down' | 'unknown' | 'paused';

// Shapes differ as much as colours do: a disc, a triangle, a cross on a square, a ring, two bars.
const SHAPES: Readonly<Record<Sign, TemplateResult>> = {
  up: svg`<circle cx="8" cy="8" r="6.5" fill="currentColor"/><path d="M5 8.2l2.1 2.1L11 6.2" fill="none" stroke="var(--_surface)" stroke-width="1.8"/>`,
  degraded: svg`<path d="M8 1.5 15 14H1z" fill="currentColor"/><path d="M8 6v3.6M8 11.4v.6" stroke="var(--_surface)" stroke-width="1.8"/>`,
  down: svg`<rect x="1.5" y="1.5" width="13" height="13" rx="2.5" fill="currentColor"/><path d="M5.2 5.2l5.6 5.6m0-5.6-5.6 5.6" stroke="var(--_surface)" stroke-width="1.8"/>`,
  unknown: svg`<circle cx="8" cy="8" r="5.7" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="3 2"/>`,
  paused: svg`<path d="M5 3v10M11 3v10" stroke="currentColor" stroke-width="2.6"/>`,
};

/** Styles for {@link statusSign}. */
export const statusSignStyles = css`
  .sign {
    flex: none;
    width: 16px;
    height: 16px;
  }
  .up {
    color: var(--_up);
  }
  .degraded {
    color: var(--_degraded);
  }
  .down {
    color: var(--_down);
  }
  .unknown,
  .paused {
    color: var(--_unknown);
  }
`;

/** A small sign whose shape alone tells the state. Its text is read by screen readers. */
export function statusSign(sign: Sign, label: string): TemplateResult {
  return html`<svg class="sign ${sign}" viewBox="0 0 16 16" role="img" aria-label=${label}>${SHAPES[sign]}</svg>`;
}

export function signOfCheck({ status, state }: { status: VerdictStatus; state: string }): Sign {
  return state === 'paused' ? 'paused' : status;
}

export function signOfServer(status: ServerStatus): Sign {
  return ({ online: 'up', offline: 'down', unknown: 'unknown' } as const)[status];
}

export function signOfAlert(status: AlertStatus, severity: Severity): Sign {
  if (status === 'resolved') return 'up';
  return severity === 'critical' || severity === 'high' ? 'down' : 'degraded';
}
