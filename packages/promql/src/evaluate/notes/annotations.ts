import type { Place } from '../../syntax/expression.js';

/** What an evaluation found worth saying, each text once. The texts are Prometheus' own, so that people find them. */
export class Annotations {
  // Most evaluations have nothing to say.
  #warnings: readonly string[] = NOTHING;
  #infos: readonly string[] = NOTHING;

  warn(text: string, place: Place): void {
    this.#warnings = withText(this.#warnings, `PromQL warning: ${text} ${positionOf(place)}`);
  }

  inform(text: string, place: Place): void {
    this.#infos = withText(this.#infos, `PromQL info: ${text} ${positionOf(place)}`);
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  get infos(): readonly string[] {
    return this.#infos;
  }
}

const NOTHING: readonly string[] = [];
/** As many as anybody reads; a query may have one for each of its series. */
const MAX_TEXTS = 100;

function withText(texts: readonly string[], text: string): readonly string[] {
  return texts.includes(text) || texts.length >= MAX_TEXTS ? texts : [...texts, text];
}

function positionOf({ start }: Place): string {
  return `(1:${start + 1})`;
}
