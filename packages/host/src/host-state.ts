import type { Plan } from '@labkeeper/engine';
import type { HostSettings } from './config/host-settings.js';

/** What the API may know of the host at any moment. One object, written by the host and the reloader. */
export class HostState {
  phase: 'starting' | 'running' | 'stopping' = 'starting';
  settings: HostSettings;
  /** What runs. */
  plan: Plan;
  /** Faults of the file on disk, when it is not the configuration that runs. */
  configFaults = 0;
  /** Keys of the file that were changed and count only after a restart. */
  waitingForRestart: readonly string[] = [];

  constructor({ settings, plan }: { readonly settings: HostSettings; readonly plan: Plan }) {
    this.settings = settings;
    this.plan = plan;
  }

  /** What is wrong, one sentence each. */
  problems(): readonly string[] {
    const problems: string[] = [];
    if (this.configFaults > 0) {
      problems.push(
        `The configuration file has ${this.configFaults} ${this.configFaults === 1 ? 'fault' : 'faults'}; what was read before goes on. The log and \`labkeeper check\` name them.`,
      );
    }
    if (this.waitingForRestart.length > 0)
      problems.push(`Changes of ${this.waitingForRestart.join(', ')} count after a restart.`);
    return problems;
  }
}
