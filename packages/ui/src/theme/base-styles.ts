import { css } from 'lit';
import { tokens } from './tokens.js';

/** What every element begins with. */
export const baseStyles = [
  tokens,
  css`
    :host {
      display: block;
      box-sizing: border-box;
      color-scheme: var(--lk-scheme, light dark);
      color: var(--_text);
      font: 400 14px/1.45 var(--_font);
      font-variant-numeric: tabular-nums;
      text-align: start;
    }
    :host([hidden]) {
      display: none;
    }
    *,
    *::before,
    *::after {
      box-sizing: inherit;
    }
    h1,
    h2,
    h3,
    p,
    dl,
    dd,
    ul {
      margin: 0;
      padding: 0;
    }
    ul {
      list-style: none;
    }
    a {
      color: inherit;
    }
    .quiet {
      color: var(--_quiet);
    }
    .card {
      background: var(--_surface);
      border: 1px solid var(--_line);
      border-radius: var(--_radius);
      box-shadow: var(--_shadow);
    }
    .visually-hidden {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
    :focus-visible {
      outline: 2px solid var(--_accent);
      outline-offset: 2px;
    }
    button,
    input,
    select {
      font: inherit;
      color: inherit;
    }
    button {
      min-height: 32px;
      padding: 4px 12px;
      border: 1px solid var(--_line);
      border-radius: 8px;
      background: var(--_surface);
      cursor: pointer;
      transition: background-color 120ms;
    }
    button:hover:not(:disabled) {
      background: var(--_sunken);
    }
    button:disabled {
      cursor: default;
      opacity: 0.55;
    }
    button.primary {
      border-color: transparent;
      background: var(--_accent);
      color: var(--_on-accent);
      font-weight: 600;
    }
    button.primary:hover:not(:disabled) {
      background: color-mix(in oklab, var(--_accent) 88%, var(--_text));
    }
    input,
    select {
      min-height: 34px;
      padding: 4px 10px;
      border: 1px solid var(--_line);
      border-radius: 8px;
      background: var(--_surface);
    }
    @media (prefers-reduced-motion: reduce) {
      * {
        transition: none !important;
        animation: none !important;
      }
    }
  `,
];
