import type { Position } from '@labkeeper/core';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  visit,
} from 'yaml';
import type { ConfigPath } from './config-path.js';

/** What stands at a path of the file: the value, and its key when it stands in a mapping. */
interface Place {
  readonly value: Node | undefined;
  readonly key: Node | undefined;
}

/**
 * One configuration file with the place of everything in it. Knows nothing of what the keys mean; the checks give it
 * paths and get positions. Lines are shown through {@link ConfigSource.line}, which covers what was hidden.
 */
export class ConfigSource {
  readonly #hidden: [start: number, end: number][] = [];
  readonly #hiddenTexts = new Set<string>();

  constructor(
    /** As the user named it, for messages. */
    readonly file: string,
    readonly text: string,
    readonly document: Document,
    readonly lines: LineCounter,
  ) {}

  /** Position of the value at `path`, or of the nearest thing above it that exists. */
  positionOfValue(path: ConfigPath): Position {
    return this.#position(path, (place) => place.value ?? place.key);
  }

  /** Position of the key at the end of `path`; of the list item where the last step is a number. */
  positionOfKey(path: ConfigPath): Position {
    return this.#position(path, (place) => place.key ?? place.value);
  }

  positionAt(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Node at a path; aliases and merged mappings are followed to where the value really stands. */
  nodeAt(path: ConfigPath): Node | undefined {
    return this.#placeAt(path)?.value;
  }

  /** From now on the texts at and below `path` that could be a secret are covered wherever {@link ConfigSource.line} shows them. */
  hide(path: ConfigPath): void {
    const node = this.nodeAt(path);
    if (node) this.hideNode(node);
  }

  /** Hides the key at `path` but for its first characters. */
  hideKey(path: ConfigPath, shown: number): void {
    const range = this.#placeAt(path)?.key?.range;
    if (range) this.#hidden.push([range[0] + shown, range[1]]);
  }

  /** As {@link ConfigSource.hide}, for every value that is this text. */
  hideText(text: string): void {
    this.#hiddenTexts.add(text);
  }

  /** See {@link ConfigSource.hide}. An alias hides nothing: what it stands for is hidden where it stands. */
  hideNode(node: Node): void {
    if (isScalar(node) && node.range && isLongEnough(node.value))
      this.#hidden.push([node.range[0], node.range[1]]);
    if (isSeq(node)) for (const item of node.items) if (isNode(item)) this.hideNode(item);
    if (isMap(node)) for (const { value } of node.items) if (isNode(value)) this.hideNode(value);
  }

  /**
   * From now on every word that could be a secret is covered, wherever it stands. For a file that is no YAML: nothing can
   * be told of what its words mean.
   */
  hideWords(): void {
    for (const match of this.text.matchAll(WORD)) {
      if (match[1] !== undefined && match[1].length >= SHORTEST_SECRET)
        this.#hidden.push([match.index, match.index + match[1].length]);
    }
  }

  /** One line for showing, with a dot for each hidden character, so that columns stay true. Lines begin at 1. */
  line(number: number): string {
    this.#hideTexts();
    const start = this.lines.lineStarts[number - 1];
    if (start === undefined) return '';
    const end = this.lines.lineStarts[number] ?? this.text.length + 1;
    // UTF-16 units, as the offsets of the parser count them.
    const shown = this.text
      .slice(start, end)
      .replace(/\r?\n$/, '')
      .split('');
    for (const [from, to] of this.#hidden) {
      for (let at = Math.max(from, start); at < Math.min(to, end); at++)
        if (shown[at - start]) shown[at - start] = '•';
    }
    return shown.join('');
  }

  /** All at once and only when lines are shown: most files are right, and a walk for each secret would be slow. */
  #hideTexts(): void {
    if (this.#hiddenTexts.size === 0) return;
    visit(this.document, {
      Scalar: (_, scalar) => {
        if (this.#hiddenTexts.has(String(scalar.value))) this.hideNode(scalar);
      },
    });
    this.#hiddenTexts.clear();
  }

  #position(path: ConfigPath, choose: (place: Place) => Node | undefined): Position {
    for (let length = path.length; length >= 0; length--) {
      const place = this.#placeAt(path.slice(0, length));
      // Above the place that was asked for, the key is the better pointer: `http:` and not the mapping below it.
      const node = place && (length === path.length ? choose(place) : (place.key ?? place.value));
      if (node?.range) return this.positionAt(node.range[0]);
    }
    return { file: this.file, line: 1, column: 1 };
  }

  #placeAt(path: ConfigPath): Place | undefined {
    let place: Place = { value: this.#resolve(this.document.contents), key: undefined };
    for (const step of path) {
      const next = place.value && this.#step(place.value, step);
      if (!next) return undefined;
      place = next;
    }
    return place;
  }

  #step(node: Node, step: string | number): Place | undefined {
    if (isSeq(node)) return this.#place(undefined, node.items[Number(step)]);
    if (!isMap(node)) return undefined;
    const pair = node.items.find((item) => keyText(item) === String(step));
    if (pair) return this.#place(pair.key, pair.value);
    return this.#stepIntoMerged(node.items, step);
  }

  #stepIntoMerged(pairs: readonly Pair[], step: string | number): Place | undefined {
    for (const pair of pairs) {
      if (keyText(pair) !== '<<' || !isNode(pair.value)) continue;
      const merged = this.#resolve(pair.value);
      const sources = isSeq(merged) ? merged.items.map((item) => this.#resolve(item)) : [merged];
      for (const source of sources) {
        const found = source && this.#step(source, step);
        if (found) return found;
      }
    }
    return undefined;
  }

  #place(key: unknown, value: unknown): Place | undefined {
    if (isPair(value)) return undefined;
    const keyNode = isNode(key) ? key : undefined;
    const valueNode = this.#resolve(value);
    return keyNode || valueNode ? { key: keyNode, value: valueNode } : undefined;
  }

  #resolve(node: unknown): Node | undefined {
    if (isAlias(node)) return node.resolve(this.document);
    return isNode(node) ? node : undefined;
  }
}

/** Path that a chain of nodes describes, as a visitor of the document gets it: from the document down. */
export function stepsOf(chain: readonly unknown[]): (string | number)[] {
  return chain.flatMap((node, index): (string | number)[] => {
    if (isPair(node)) return [keyText(node)];
    return isSeq(node) && index + 1 < chain.length ? [node.items.indexOf(chain[index + 1])] : [];
  });
}

/** A reference, or a key where keys stand, or (in the group) any other run of characters that structure nothing. */
const WORD = /\$\{[\w./:-]*\}|(?<=^[\s-]*|[{,]\s*)[\w-]+:(?=\s|$)|([^\s{}[\],'"]+)/gm;

/** As in the redactor: what is shorter protects nothing, and covering it only makes messages harder to read. */
const SHORTEST_SECRET = 6;

function isLongEnough(value: unknown): boolean {
  return typeof value === 'string' && value.length >= SHORTEST_SECRET;
}

function keyText({ key }: Pair): string {
  if (!isScalar(key)) return String(key);
  // The parser marks a merge key with a symbol of its own.
  return typeof key.value === 'symbol' ? '<<' : String(key.value);
}
