import { css } from 'lit';

/**
 * Colours, spaces, type and radii. Every one is a public custom property: `--lk-NAME` set on an element or on anything
 * around it wins over the default. Text colours keep a contrast of at least 4.5:1 on their surfaces, in both schemes.
 */
export const tokens = css`
  :host {
    --_page: var(--lk-page, light-dark(#f6f7f9, #0e1116));
    --_surface: var(--lk-surface, light-dark(#ffffff, #161b22));
    --_sunken: var(--lk-sunken, light-dark(#eef1f4, #1d242d));
    --_line: var(--lk-line, light-dark(#dfe4ea, #2a323d));
    --_text: var(--lk-text, light-dark(#17202b, #e7ecf2));
    --_quiet: var(--lk-quiet, light-dark(#55606e, #9aa7b6));
    --_accent: var(--lk-accent, light-dark(#0f766e, #2dd4bf));
    --_on-accent: var(--lk-on-accent, light-dark(#ffffff, #06231f));
    --_up: var(--lk-up, light-dark(#15803d, #4ade80));
    --_degraded: var(--lk-degraded, light-dark(#a15c07, #fbbf24));
    --_down: var(--lk-down, light-dark(#c01f2e, #ff7b82));
    --_unknown: var(--lk-unknown, light-dark(#5b6675, #97a3b2));
    --_radius: var(--lk-radius, 12px);
    --_font: var(--lk-font, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif);
    --_shadow: var(--lk-shadow, 0 1px 2px light-dark(rgb(20 30 45 / 6%), rgb(0 0 0 / 40%)));
  }
`;
