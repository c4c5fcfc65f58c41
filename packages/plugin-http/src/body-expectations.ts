import { compileJsonPath, compilePattern, type ProbeAnswer, quoteText } from '@labkeeper/toolbox';
import { bodyText } from './body-text.js';
import { compileConditions } from './conditions.js';
import type { Expectation, Finding } from './expectations.js';
import type { HttpOptions } from './http-options.js';

type JsonCondition = NonNullable<HttpOptions['expect']['json']>[number];
/** Looks at the body; gives what is wrong. */
type TextTest = (
  text: string,
  answer: ProbeAnswer,
) => (Omit<Finding, 'status'> & Partial<Pick<Finding, 'status'>>) | undefined;

/** True when the options ask anything of the body, so that it must be kept. */
export function needsBody({ expect }: HttpOptions): boolean {
  return [expect.body_contains, expect.body_not_contains, expect.body_matches, expect.json].some(
    (part) => part !== undefined,
  );
}

/** The expectations on the body, as one: it is decoded and parsed once for all of them. */
export function compileBodyTests(options: HttpOptions): readonly Expectation[] {
  if (!needsBody(options)) return [];
  const tests = [...textTests(options), ...jsonTests(options)];
  return [
    ({ answer }) => {
      const text = decode(answer, options.max_body_bytes);
      if (text === undefined) return { status: 'down', message: 'the compressed body cannot be unpacked' };
      const findings = tests.flatMap((test): Finding[] => {
        const fault = test(text, answer);
        return fault ? [{ status: 'down', ...fault }] : [];
      });
      return findings.find(({ status }) => status === 'down') ?? findings[0];
    },
  ];
}

function decode(answer: ProbeAnswer, maxBytes: number): string | undefined {
  try {
    return bodyText(answer, maxBytes);
  } catch {
    return undefined;
  }
}

function textTests({ expect }: HttpOptions): readonly TextTest[] {
  const { body_contains: wanted, body_not_contains: unwanted, body_matches: expression } = expect;
  const tests: TextTest[] = [];
  if (wanted !== undefined) {
    tests.push((text, answer) =>
      text.includes(wanted)
        ? undefined
        : { message: `body does not contain '${quoteText(wanted)}'${cutNote(answer)}` },
    );
  }
  if (unwanted !== undefined) {
    tests.push((text, answer) => {
      if (text.includes(unwanted)) return { message: `body contains '${quoteText(unwanted)}'` };
      // What was not read may hold it: that is neither up nor down.
      const message = `'${quoteText(unwanted)}' is not in the first part of the body; the rest, beyond max_body_bytes, was not read`;
      return answer.isBodyCut ? { message, status: 'degraded' } : undefined;
    });
  }
  if (expression !== undefined) {
    const pattern = compilePattern(expression);
    tests.push((text, answer) =>
      pattern.isIn(text)
        ? undefined
        : { message: `body does not match '${quoteText(expression)}'${cutNote(answer)}`, isRegex: true },
    );
  }
  return tests;
}

function cutNote({ isBodyCut }: ProbeAnswer): string {
  return isBodyCut ? ' within max_body_bytes' : '';
}

function jsonTests({ expect }: HttpOptions): readonly TextTest[] {
  if (expect.json === undefined) return [];
  const tests = expect.json.map(jsonTest);
  return [
    (text, answer) => {
      const document = parseJson(text);
      if (document === undefined) return { message: notJson(text, answer) };
      for (const test of tests) {
        const fault = test(document.value);
        if (fault) return fault;
      }
      return undefined;
    },
  ];
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function notJson(text: string, { isBodyCut }: ProbeAnswer): string {
  if (isBodyCut) return 'body is larger than max_body_bytes, so its JSON cannot be read';
  return text.trim() === ''
    ? 'body is empty, expected JSON'
    : `body is not JSON, it begins with '${quoteText(text)}'`;
}

function jsonTest({
  path,
  ...conditions
}: JsonCondition): (document: unknown) => Omit<Finding, 'status'> | undefined {
  const select = compileJsonPath(path);
  const test = compileConditions(conditions);
  const isWanted = conditions.exists !== false;
  return (document) => {
    const values = select(document);
    if (values.length > 0 !== isWanted)
      return { message: isWanted ? `body has no ${path}` : `body has ${path}` };
    const fault = values.map(test).find((found) => found !== undefined);
    return fault === undefined
      ? undefined
      : { message: `expected ${path} ${fault}`, isRegex: conditions.matches !== undefined };
  };
}
