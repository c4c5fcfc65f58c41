/** Where a part of a template stands; line and column begin at 1, columns count UTF-16 units. */
export interface TemplatePlace {
  readonly line: number;
  readonly column: number;
}

/**
 * A template that cannot be parsed or executed. The message is the one of Go's `text/template`, so that people find it:
 * `template: NAME:LINE:COLUMN: …`. `reason` is the part behind the place.
 */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly line: number;
  readonly column: number;

  constructor(
    template: string,
    place: TemplatePlace,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`template: ${template}:${place.line}:${place.column}: ${reason}`, options);
    this.line = place.line;
    this.column = place.column;
  }
}

/** The place of an offset of a text. Walks the text: only for errors. */
export function placeAt(text: string, offset: number): TemplatePlace {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
