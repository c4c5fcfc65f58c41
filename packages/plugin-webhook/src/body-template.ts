import {
  type MissingKey,
  parseTemplate,
  type Template,
  type TemplateFunction,
  type TemplateValue,
} from '@labkeeper/template';

/** A name that is not there is a slip of the pen; Go would write `<no value>` into the message. */
const MISSING_KEY: MissingKey = 'error';

const toJson: TemplateFunction = {
  parameters: ['any'],
  call: (value: TemplateValue) => jsonOf(value),
};

/** Reads the template of a body. Throws a TemplateError with the place of the fault. Called when the options are read, and at the start. */
export function parseBody(text: string): Template {
  // Both spellings are in use among programs with such templates.
  return parseTemplate(text, {
    name: 'body',
    functions: { toJson, toJSON: toJson },
    missingKey: MISSING_KEY,
  });
}

/** What templates make themselves counts too: whole numbers are bigint there, and nothing is nil. */
function jsonOf(value: TemplateValue): string {
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (part instanceof Map) return Object.fromEntries(part) as unknown;
      return typeof part === 'bigint' ? Number(part) : part;
    }) ?? 'null'
  );
}
