import type { TSchema } from '@labkeeper/core';
import { checkOptions, type SchemaNode, schemaNode } from '@labkeeper/core/runtime';

/** What is wrong with an options schema, one sentence each: missing descriptions, open objects, defaults that do not fit. */
export function optionProblems(schema: TSchema): readonly string[] {
  const root = schemaNode(schema);
  if (root.type !== 'object') return ['the options schema is not an object'];
  return objectProblems(root, 'options');
}

function objectProblems(node: SchemaNode, path: string): string[] {
  const problems: string[] = [];
  if (node.additionalProperties === undefined || node.additionalProperties === true) {
    problems.push(`${path} allows unknown keys; use optionsObject`);
  }
  for (const [key, property] of Object.entries(node.properties ?? {})) {
    problems.push(...propertyProblems(property, `${path}.${key}`));
  }
  return problems;
}

function propertyProblems(node: SchemaNode, path: string): string[] {
  const problems: string[] = [];
  if (!node.description || !/\.$/.test(node.description))
    problems.push(`${path} has no description that ends with a full stop`);
  if (node.default !== undefined && checkOptions(node as unknown as TSchema, node.default).length > 0) {
    problems.push(`the default of ${path} does not fit its own schema`);
  }
  if (node.type === 'object' && node.properties) problems.push(...objectProblems(node, path));
  if (node.items?.type === 'object') problems.push(...objectProblems(node.items, `${path}[]`));
  for (const branch of node.anyOf ?? []) {
    if (branch.type === 'object' && branch.properties) problems.push(...objectProblems(branch, path));
  }
  return problems;
}
