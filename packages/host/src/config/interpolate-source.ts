import { describeError, type Fault, type Secrets } from '@labkeeper/core';
import { nearestName } from '@labkeeper/core/runtime';
import { type Node, type Scalar, visit } from 'yaml';
import { type ConfigSource, stepsOf } from './config-source.js';
import { interpolateText, type Reference } from './interpolate-text.js';
import { looksSecret, passwordInUrl } from './looks-secret.js';

/** Where the values come from. */
export interface InterpolationSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of a file named in the configuration. Throws what the file system throws. */
  readFile(path: string): string;
  readonly secrets: Secrets;
}

export interface InterpolatedSource {
  readonly faults: readonly Fault[];
  /** Paths of every `${file:…}`, as written. A change of one of these files is a change of the configuration. */
  readonly files: readonly string[];
  /** Values that were one `${…}` and nothing else. Only these may become numbers or booleans where the option is one. */
  readonly whole: ReadonlySet<Node>;
}

/**
 * Fills in every `${…}` of every value (keys and comments are left alone). Values from files, from variables whose
 * name looks like a secret, and passwords inside addresses are protected before anything can print them.
 */
export function interpolateSource(source: ConfigSource, sources: InterpolationSources): InterpolatedSource {
  const faults: Fault[] = [];
  const files: string[] = [];
  const whole = new Set<Node>();
  visit(source.document, {
    Scalar(key, scalar, ancestors) {
      if (key === 'key' || typeof scalar.value !== 'string') return;
      if (scalar.value.includes('${')) {
        const lookup = (reference: Reference) => {
          if (reference.kind === 'file') files.push(reference.path);
          return lookUp(reference, sources, (fault) =>
            faults.push({ ...fault, ...placeOf(source, ancestors, scalar) }),
          );
        };
        const { text, whole: isWhole } = interpolateText(scalar.value, lookup);
        scalar.value = text;
        if (isWhole) whole.add(scalar);
      }
      const password = passwordInUrl(scalar.value as string);
      if (password !== undefined) sources.secrets.protect(password);
    },
  });
  return { faults, files, whole };
}

type PlacelessFault = Omit<Fault, 'path' | 'position'>;

function lookUp(
  reference: Reference,
  sources: InterpolationSources,
  report: (fault: PlacelessFault) => void,
): string | undefined {
  if (reference.kind === 'env') return fromEnvironment(reference, sources, report);
  if (reference.kind === 'file') return fromFile(reference.path, sources, report);
  // A brace that is never closed takes the rest of the text with it, and that may be a secret.
  const shown = /^\$\{[\w./:-]*\}$/.test(reference.text) ? reference.text : '${';
  report({
    code: 'CONFIG_WRONG_VALUE',
    message: `\`${shown}\` begins no reference that can be filled in.`,
    found: shown,
    allowed: '${NAME}, ${NAME:-default} or ${file:PATH}; $${ for a plain ${',
  });
  return undefined;
}

function fromEnvironment(
  { name, fallback }: Extract<Reference, { kind: 'env' }>,
  { env, secrets }: InterpolationSources,
  report: (fault: PlacelessFault) => void,
): string | undefined {
  const set = env[name];
  // As in a shell: `:-` also stands in for a variable that is set to nothing.
  const value = fallback !== undefined && !set ? fallback : set;
  if (value === undefined) {
    const nearest = nearestName(name, Object.keys(env));
    report({
      code: 'CONFIG_ENV_MISSING',
      message: `The environment has no variable ${name}.`,
      ...(nearest === undefined ? {} : { nearest }),
    });
    return undefined;
  }
  return looksSecret(name) ? secrets.protect(value) : value;
}

function fromFile(
  path: string,
  { readFile, secrets }: InterpolationSources,
  report: (fault: PlacelessFault) => void,
): string | undefined {
  try {
    // Editors and `echo` leave a newline at the end that is never part of the secret.
    return secrets.protect(readFile(path).replace(/\r?\n$/, ''));
  } catch (error) {
    report({
      code: 'CONFIG_FILE_UNREADABLE',
      message: `${path} cannot be read: ${describeError(error)}.`,
      found: path,
    });
    return undefined;
  }
}

function placeOf(
  source: ConfigSource,
  ancestors: readonly unknown[],
  scalar: Scalar,
): Pick<Fault, 'path' | 'position'> {
  return { path: stepsOf([...ancestors, scalar]), position: source.positionAt(scalar.range?.[0] ?? 0) };
}
