import { css, html, type TemplateResult } from 'lit';

/** From here a full thing is worth a look, and from the second mark a worry: the default thresholds for disks. */
const WARN_PERCENT = 80;
const ALARM_PERCENT = 90;

/** Styles for {@link meter}. */
export const meterStyles = css`
  .meter {
    height: 6px;
    overflow: hidden;
    border-radius: 3px;
    background: var(--_sunken);
  }
  .meter i {
    display: block;
    height: 100%;
    border-radius: 3px;
    background: var(--_accent);
  }
  .meter i.warn {
    background: var(--_degraded);
  }
  .meter i.alarm {
    background: var(--_down);
  }
`;

/** How full something is, from 0 to 100. */
export function meter(label: string, percent: number | null): TemplateResult {
  const filled = Math.min(100, Math.max(0, percent ?? 0));
  const level = filled >= ALARM_PERCENT ? 'alarm' : filled >= WARN_PERCENT ? 'warn' : '';
  return html`<div class="meter" role="meter" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(filled)}>
    <i class=${level} style="width:${filled}%"></i>
  </div>`;
}
