import { setImmediate as nextTurn } from 'node:timers/promises';

/** What a plugin could leave open. The runner's own files and pipes come and go and are not counted. */
const COUNTED = new Set([
  'Timeout',
  'TCPSocketWrap',
  'TCPServerWrap',
  'TLSWrap',
  'UDPWrap',
  'FSEventWrap',
  'ProcessWrap',
]);
/** Sockets close over a few turns of the event loop; after so many turns they are leaks. */
const MAX_TURNS = 200;

export type OpenResources = Readonly<Record<string, number>>;

/**
 * How many timers and sockets the process has open, by kind. With `waitFor`, turns the event loop until no kind has
 * more than it says, or gives up and returns what is left.
 */
export async function openResources(options: { waitFor?: OpenResources } = {}): Promise<OpenResources> {
  let now = count();
  for (let turn = 0; turn < MAX_TURNS && options.waitFor && exceeds(now, options.waitFor); turn++) {
    await nextTurn();
    now = count();
  }
  // Fewer than before is no fault of the plugin: something else was closed meanwhile.
  return options.waitFor && !exceeds(now, options.waitFor) ? options.waitFor : now;
}

function count(): OpenResources {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (COUNTED.has(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function exceeds(now: OpenResources, before: OpenResources): boolean {
  return Object.entries(now).some(([kind, open]) => open > (before[kind] ?? 0));
}
