export {
  ALERTS,
  ALERTS_FOR_STATE,
  type AlertingContext,
  evaluateAlertingRule,
  evaluateAlertingRuleNow,
} from './evaluate/alerting-rule.js';
export { dependencies } from './evaluate/dependencies.js';
export { evaluateGroup, type GroupSurroundings } from './evaluate/evaluate-group.js';
export type { AlertSurroundings } from './evaluate/expand-alerts.js';
export { type RecordingTimes, recordSeries } from './evaluate/record-series.js';
export { type LastForState, type RestoreOptions, restoreForState } from './evaluate/restore-for-state.js';
export {
  type AlertInstance,
  failed,
  NEW_RULE_STATE,
  type RuleOutcome,
  type RuleState,
} from './evaluate/rule-state.js';
export { ruleVector } from './evaluate/rule-vector.js';
export { stalenessMarks } from './evaluate/stale-series.js';
export { checkRuleFiles, type RuleCheck } from './files/check-rule-files.js';
export { type RuleFileReading, readRuleFile } from './files/read-rule-file.js';
export type { AlertingRule, NamedTemplate, RecordingRule, Rule, RuleGroup } from './files/rule.js';
export type { RuleFault, RuleFaultCode } from './files/rule-fault.js';
export { type FilledPack, fillParameters } from './packs/fill-parameters.js';
export type { TemplateQuery } from './templating/rule-functions.js';
export {
  expandRuleTemplate,
  expandRuleTemplateNow,
  expandTemplate,
  parseRuleTemplate,
  type TemplateContext,
} from './templating/rule-template.js';
export { meetsPattern, type RuleTestFiles } from './unit-test/find-files.js';
export { type RuleTestMessage, type RuleTestResult, runRuleTests } from './unit-test/run-rule-tests.js';
