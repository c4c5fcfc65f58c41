import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Places {
  /** host:port of what is watched. */
  readonly world: string;
  /** Address of the receiver. */
  readonly receiver: string;
  readonly sites: readonly string[];
}

const RULES = `
groups:
  - name: troubles
    interval: 1s
    rules:
      - alert: Trouble
        expr: rule_trouble == 1
        labels: { severity: critical }
      - alert: PatientTrouble
        expr: patient_trouble == 1
        for: 2s
        labels: { severity: warning }
`;

/** Writes the rules; gives the text of the configuration. */
export function hostFiles(folder: string, { world, receiver, sites }: Places): string {
  mkdirSync(join(folder, 'rules'), { recursive: true });
  writeFileSync(join(folder, 'rules', 'troubles.yml'), RULES);
  const checks = sites.map(
    (name) => `  - http: { url: 'http://${world}/${name}' }\n    name: ${name}\n    every: 1s\n`,
  );
  return `
collect:
  - prometheus: { targets: ['${world}'] }
    every: 1s
check:
${checks.join('')}
rules: [./rules/troubles.yml]
routes: [alertmanager]
notify:
  - webhook: { url: '${receiver}/each' }
    name: each
    messages_per_minute: 0
  - webhook: { url: '${receiver}/grouped' }
    name: grouped
    group: { by: [alertname], wait: 1s, interval: 2s }
    messages_per_minute: 0
`;
}
