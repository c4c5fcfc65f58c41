import { DEFAULT_LISTEN } from '../parse-listen.js';
import type { HostSections } from './host-schema.js';

/** What the file says about the process itself, defaults filled in. A change of `listen` needs a restart. */
export interface HostSettings {
  readonly listen: string;
  readonly allowedOrigins: readonly string[];
  readonly publicUrl: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly logFormat: 'auto' | 'json' | 'text';
}

/** Fills in what the file leaves out. */
export function hostSettings(sections: HostSections): HostSettings {
  return {
    listen: sections.listen ?? DEFAULT_LISTEN,
    allowedOrigins: sections.api?.allowed_origins ?? [],
    publicUrl: sections.api?.public_url,
    logLevel: sections.log?.level ?? 'info',
    logFormat: sections.log?.format ?? 'auto',
  };
}
