import { css, html, type TemplateResult } from 'lit';
import { messages } from '../text/messages.js';

/** Letters of the API for results. */
const CLASS_OF_LETTER: Readonly<Record<string, string>> = { u: 'up', g: 'degraded', d: 'down', n: 'unknown' };
const SHOWN_BEATS = 40;

/** Styles for {@link beats}. Heights differ as well as colours. */
export const beatsStyles = css`
  .beats {
    display: flex;
    align-items: end;
    gap: 2px;
    height: 18px;
  }
  .beats i {
    width: 3px;
    height: 100%;
    border-radius: 2px;
    background: var(--_line);
  }
  .beats i.up {
    height: 55%;
    background: var(--_up);
  }
  .beats i.degraded {
    height: 78%;
    background: var(--_degraded);
  }
  .beats i.down {
    background: var(--_down);
  }
  .beats i.unknown {
    height: 30%;
    background: var(--_unknown);
  }
`;

/** The last results as a strip, newest at the end. */
export function beats(letters: string): TemplateResult {
  const shown = letters.slice(-SHOWN_BEATS);
  const good = [...shown].filter((letter) => letter === 'u').length;
  const label = shown === '' ? messages.check.noBeats : messages.check.beats(good, shown.length);
  const bars = [...shown.padStart(SHOWN_BEATS, ' ')].map(
    (letter) => html`<i class=${CLASS_OF_LETTER[letter] ?? ''}></i>`,
  );
  return html`<div class="beats" role="img" aria-label=${label} title=${label}>${bars}</div>`;
}
