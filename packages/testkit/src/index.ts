// What plugin authors test with: suites for every kind, a lab to run an instance in, servers that misbehave, recorded cases.

export { ManualClock } from '@labkeeper/core/runtime';
export { allCheckCases, type CheckSubject, conformCheck } from './conformance/conform-check.js';
export {
  allCollectorCases,
  type CollectorSubject,
  conformCollector,
} from './conformance/conform-collector.js';
export { type CommandSubject, commandCases, conformCommand } from './conformance/conform-command.js';
export { allNotifierCases, conformNotifier, type NotifierSubject } from './conformance/conform-notifier.js';
export { conformPlugin, type PluginSubject, pluginCases } from './conformance/conform-plugin.js';
export {
  allPredictorCases,
  conformPredictor,
  type PredictorSubject,
} from './conformance/conform-predictor.js';
export {
  type ActionExample,
  allRemediatorCases,
  conformRemediator,
  type RemediatorSubject,
} from './conformance/conform-remediator.js';
export { conformRulePack, type RulePackSubject, rulePackCases } from './conformance/conform-rule-pack.js';
export { type ConformanceCase, type Deviation, registerCases } from './conformance/conformance-case.js';
export type { ContributionSubject } from './conformance/contribution-cases.js';
export { failedCases } from './conformance/failed-cases.js';
export {
  type Instance,
  optionFaults,
  runCheck,
  runCollector,
  runNotifier,
  sampleNotification,
  startInstance,
} from './lab/instance.js';
export { createLab, type Lab, type LabParts, runContext } from './lab/lab.js';
export { type LogLine, type RecordingLog, recordingLog } from './lab/recording-log.js';
export { SERVER_CERTIFICATES, TEST_CA } from './servers/certificates.js';
export {
  type Answer,
  type HttpServer,
  type HttpServerSetup,
  type ReceivedRequest,
  startHttpServer,
} from './servers/http-server.js';
export type { LocalServer } from './servers/local-server.js';
export { MISBEHAVIOURS, type Misbehaviour, startMisbehavingServer } from './servers/misbehaving-server.js';
export type { SlackComplaint } from './servers/slack-body.js';
export {
  type SlackFault,
  type SlackPost,
  type SlackWebhook,
  startSlackWebhook,
} from './servers/slack-webhook.js';
export {
  type SmtpFault,
  type SmtpServer,
  type SmtpServerSetup,
  startSmtpServer,
} from './servers/smtp-server.js';
export type { ReceivedMail, SmtpStage } from './servers/smtp-session.js';
export {
  conformStorage,
  durableStorageCases,
  type StorageSuite,
  storageCases,
} from './storage/conform-storage.js';
export type { OpenedStorage, StorageSubject } from './storage/storage-subject.js';
export { loadTestcases, type Testcase } from './testcases/load-testcases.js';
