import type { Labels } from '@labkeeper/core';
import type { Node } from 'yaml';

/** A file of rule unit tests, as promtool defines them. */
export interface TestFile {
  /** Paths and patterns, relative to the file. */
  readonly ruleFiles: readonly { readonly pattern: string; readonly line: number }[];
  readonly evaluationIntervalMs: number;
  /** Names of groups in the order in which they are evaluated; groups that are not named come with the first one. */
  readonly groupOrder: readonly string[];
  /** Values may differ in the last bit. */
  readonly isFuzzy: boolean;
  readonly tests: readonly RuleTest[];
}

export interface RuleTest {
  /** As given, or `test 2`. */
  readonly name: string;
  readonly line: number;
  /** Distance of the values of input series. */
  readonly intervalMs: number;
  /** Time of the first values and evaluation; 0 unless the test says otherwise. */
  readonly startMs: number;
  readonly inputSeries: readonly InputSeries[];
  readonly alertCases: readonly AlertCase[];
  readonly expressionCases: readonly ExpressionCase[];
  readonly externalLabels: Labels;
  readonly externalUrl: string;
}

/** Texts in the series notation, with the places for faults in them. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
  readonly seriesNode: Node;
  readonly valuesNode: Node;
}

export interface AlertCase {
  readonly line: number;
  /** After the start of the test. */
  readonly evalTimeMs: number;
  readonly alertname: string;
  readonly expected: readonly { readonly labels: Labels; readonly annotations: Labels }[];
}

export interface ExpressionCase {
  readonly line: number;
  readonly evalTimeMs: number;
  readonly expression: string;
  readonly expected: readonly ExpectedSample[];
}

export interface ExpectedSample {
  /** In the notation of selectors: `up{job="a"}`. */
  readonly labels: string;
  readonly value: number;
  /** A native histogram is expected; such cases are skipped. */
  readonly isHistogram: boolean;
}
