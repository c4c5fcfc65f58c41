import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { RuleFault, RuleFaultCode } from './rule-fault.js';

/** How often aliases may multiply what stands in the file. Real files hardly double it; a few lines of aliases can make millions. */
const MAX_REPEATS = 10;
/** For very short files, in which a few aliases are already many. */
const FREE_NODES = 1000;

/** The rule, group and file that is being read, for faults. */
export interface FaultScope {
  readonly group?: string;
  readonly rule?: string;
}

/** A line and a column, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where something stands: an offset in the text, a node, or a place that is known already. */
export type At = number | Node | Place;

/** A mapping that has been read: the places of its keys and values. */
export type Entries = ReadonlyMap<string, { readonly key: Node; readonly value: Node }>;

/**
 * One YAML file with the places of everything in it, and the faults found so far. Nodes are never changed; aliases are followed once,
 * when the file is opened.
 */
export class YamlText {
  readonly faults: RuleFault[] = [];
  readonly warnings: RuleFault[] = [];
  readonly #lines = new LineCounter();
  readonly #targets = new Map<Alias, Node>();
  readonly #root: Node | null = null;
  #nodesInFile = 0;
  #nodesRead = 0;

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    const documents = parseAllDocuments(text, {
      lineCounter: this.#lines,
      merge: true,
      prettyErrors: false,
      logLevel: 'silent',
    });
    // An empty file has no document at all; it is a file without rules.
    if (!Array.isArray(documents) || documents.length === 0) return;
    const [first, second] = documents;
    this.#reportSyntax(documents);
    if (second)
      this.report(second.range[0], 'RULES_SYNTAX', 'a second document: a file of rules holds only one');
    if (!first || this.faults.length > 0) return;
    this.#followAliases(first);
    this.#root = first.contents;
  }

  /** The content, or undefined for a file that is empty or no YAML. */
  get root(): Node | undefined {
    return this.#root ?? undefined;
  }

  #reportSyntax(documents: readonly Document[]): void {
    for (const { errors } of documents) {
      const duplicates = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
      const broken = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
      // Behind a real mistake the parser stumbles at every further token; only the first one is worth reading.
      for (const { pos, message } of broken ? [broken] : duplicates)
        this.report(pos[0], 'RULES_SYNTAX', message);
    }
  }

  /** `alias.resolve` walks the whole document for each alias; here one walk serves all. */
  #followAliases(document: Document): void {
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_, node) => {
        this.#nodesInFile++;
        if (!isAlias(node)) {
          if ('anchor' in node && node.anchor) anchors.set(node.anchor, node);
          return;
        }
        const target = anchors.get(node.source);
        if (target) this.#targets.set(node, target);
        else
          this.report(offsetOf(node), 'RULES_SYNTAX', `the alias '*${node.source}' has no anchor before it`);
      },
    });
  }

  /** The node itself, or what its alias stands for. */
  resolve(node: Node): Node {
    this.#nodesRead++;
    return isAlias(node) ? (this.#targets.get(node) ?? node) : node;
  }

  /** True once aliases have multiplied the file too often; it is told of once, and reading stops. */
  get isTooLarge(): boolean {
    if (this.#nodesRead <= MAX_REPEATS * this.#nodesInFile + FREE_NODES) return false;
    if (!this.faults.some(({ code }) => code === 'RULES_TOO_LARGE'))
      this.report(0, 'RULES_TOO_LARGE', `aliases make the file more than ${MAX_REPEATS} times as large`);
    return true;
  }

  report(at: At, code: RuleFaultCode, message: string, scope: FaultScope = {}): void {
    this.faults.push(this.#fault(at, code, message, scope));
  }

  warn(at: At, code: RuleFaultCode, message: string, scope: FaultScope = {}): void {
    this.warnings.push(this.#fault(at, code, message, scope));
  }

  #fault(at: At, code: RuleFaultCode, message: string, scope: FaultScope): RuleFault {
    return { file: this.file, ...this.place(at), ...scope, message, code };
  }

  place(at: At): Place {
    if (typeof at === 'object' && 'line' in at) return at;
    const { line, col } = this.#lines.linePos(typeof at === 'number' ? at : offsetOf(at));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** The keys and values of a mapping, those merged by `<<` included. Undefined, and a fault, for anything else. */
  mapping(node: Node, what: string, scope: FaultScope): Entries | undefined {
    const found = this.resolve(node);
    if (isMap(found)) return this.#entries(found, new Map(), scope);
    if (isNull(found)) return new Map();
    this.report(node, 'RULES_WRONG_TYPE', `${what} must be a mapping, not ${describeNode(found)}`, scope);
    return undefined;
  }

  #entries(map: YAMLMap, entries: Map<string, { key: Node; value: Node }>, scope: FaultScope): Entries {
    for (const { key, value } of map.items as readonly { key: Node; value: Node | null }[]) {
      const resolved = this.resolve(key);
      const name = isScalar(resolved) ? scalarText(resolved) : undefined;
      if (name === undefined) this.report(key, 'RULES_WRONG_TYPE', 'a key must be a text', scope);
      else if (name === '<<' && value) this.#merge(value, entries, scope);
      // What stands in the mapping itself goes before what is merged, wherever `<<` stands.
      else if (name !== undefined) entries.set(name, { key, value: value ?? key });
    }
    return entries;
  }

  #merge(value: Node, entries: Map<string, { key: Node; value: Node }>, scope: FaultScope): void {
    const found = this.resolve(value);
    const sources = isSeq(found) ? (found as YAMLSeq<Node>).items : [found];
    for (const source of sources) {
      const merged = this.mapping(source, 'what `<<` merges', scope);
      for (const [name, entry] of merged ?? []) if (!entries.has(name)) entries.set(name, entry);
    }
  }

  /** The items of a list. Undefined, and a fault, for anything else. */
  list(node: Node, what: string, scope: FaultScope): readonly Node[] | undefined {
    const found = this.resolve(node);
    if (isSeq(found)) return (found as YAMLSeq<Node>).items;
    if (isNull(found)) return [];
    this.report(node, 'RULES_WRONG_TYPE', `${what} must be a list, not ${describeNode(found)}`, scope);
    return undefined;
  }

  /** A text; numbers and the like count as they are written, as in Prometheus. Undefined, and a fault, for lists and mappings. */
  scalar(node: Node, what: string, scope: FaultScope): string | undefined {
    const found = this.resolve(node);
    if (isScalar(found)) return scalarText(found);
    this.report(node, 'RULES_WRONG_TYPE', `${what} must be a text, not ${describeNode(found)}`, scope);
    return undefined;
  }
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function isNull(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

function scalarText(node: Scalar): string {
  if (typeof node.value === 'string') return node.value;
  return node.value === null ? '' : (node.source ?? String(node.value));
}

function describeNode(node: Node): string {
  if (isMap(node)) return 'a mapping';
  return isSeq(node) ? 'a list' : `'${isScalar(node) ? scalarText(node) : ''}'`;
}
