import { isList, isMap, type TemplateValue, typeName } from '../value.js';

/** What a parameter takes. `float` takes whole numbers too. */
export type ParameterType = 'any' | 'string' | 'int' | 'float' | 'list' | 'map';

/**
 * A function that templates may call. Words are counted and checked against `parameters` before the call, so `call` may name its
 * types. What it throws becomes a TemplateError that names the function.
 */
export interface TemplateFunction {
  readonly parameters: readonly ParameterType[];
  /** The last parameter may be repeated or left out. */
  readonly isVariadic?: true;
  readonly call: (...words: never[]) => TemplateValue | Promise<TemplateValue>;
}

export type TemplateFunctions = Readonly<Record<string, TemplateFunction>>;

/** What is wrong with the words of a call, in Go's words, or undefined. Called for every call. */
export function callFault(
  name: string,
  { parameters, isVariadic }: TemplateFunction,
  words: readonly TemplateValue[],
): string | undefined {
  const least = isVariadic ? parameters.length - 1 : parameters.length;
  const tooMany = !isVariadic && words.length > least;
  if (words.length < least || tooMany)
    return `wrong number of args for ${name}: want ${isVariadic ? 'at least ' : ''}${least} got ${words.length}`;
  for (const [index, word] of words.entries()) {
    const expected = parameters[Math.min(index, parameters.length - 1)] ?? 'any';
    if (!fits(word, expected))
      return `wrong type for value; expected ${GO_NAMES[expected]}; got ${typeName(word)}`;
  }
  return undefined;
}

const GO_NAMES: Readonly<Record<ParameterType, string>> = {
  any: 'interface {}',
  string: 'string',
  int: 'int',
  float: 'float64',
  list: '[]interface {}',
  map: 'map[string]interface {}',
};

function fits(word: TemplateValue, expected: ParameterType): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'string':
      return typeof word === 'string';
    case 'int':
      return typeof word === 'bigint';
    case 'float':
      return typeof word === 'number' || typeof word === 'bigint';
    case 'list':
      return isList(word);
    case 'map':
      return isMap(word);
  }
}
