import type { Heard } from '../webhook-receiver.js';
import { nameOf, type Trouble } from './trouble.js';

/** An alert as the API lists it. */
export interface ListedAlert {
  readonly alert_id: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A row of `/api/v1/alerts/{id}/why`. */
export interface WhyRow {
  readonly at: string;
  readonly kind: string;
  readonly reason: string;
  readonly channel: string | null;
  readonly notification_id: string | null;
}

/** Everything that is known when it is over. */
export interface Aftermath {
  readonly troubles: readonly Trouble[];
  readonly alerts: readonly (ListedAlert & { readonly why: readonly WhyRow[] })[];
  readonly heard: readonly Heard[];
}

type KnownAlert = Aftermath['alerts'][number];

const CHANNELS = ['each', 'grouped'];

/** What is wrong when everything is over and quiet. Empty: no alert was lost, none is stuck, and nobody was told twice. */
export function faultsOf(aftermath: Aftermath): readonly string[] {
  const { alerts, heard, troubles } = aftermath;
  return [
    ...differingCopies(heard),
    ...alerts
      .filter(({ status }) => status !== 'resolved')
      .map(({ alert_id }) => `${alert_id} is still open`),
    ...troubles.flatMap((trouble) => faultsOfTrouble(trouble, aftermath)),
    ...alerts.flatMap((alert) => CHANNELS.flatMap((channel) => faultsOfStory(alert, channel, heard))),
    ...alerts.flatMap((alert) => faultsOfTrail(alert)),
    ...strangers(aftermath),
  ];
}

/** A message that comes again has the id that it had, and its words. */
function differingCopies(heard: readonly Heard[]): readonly string[] {
  const texts = new Map<string, string>();
  return heard.flatMap(({ channel, idempotencyKey, text, body }) => {
    const key = `${channel} ${idempotencyKey}`;
    const before = texts.get(key) ?? text;
    texts.set(key, before);
    const isSame = before === text && body.id === idempotencyKey;
    return isSame ? [] : [`${key} came with other words`];
  });
}

function faultsOfTrouble(
  { name, begins, gaps, isOwed }: Trouble,
  { alerts, heard }: Aftermath,
): readonly string[] {
  const own = alerts.filter(({ labels }) => nameOf(labels) === name);
  const openings = own.reduce((sum, { why }) => sum + openingsIn(why), 0);
  if (openings > begins + gaps)
    return [`${name} came ${begins} times and was opened ${openings} times:\n${trailOf(own)}`];
  if (!isOwed) return [];
  if (own.length === 0) return [`${name} raised no alert`];
  const isTold = own.some(({ alert_id }) => storyOf(alert_id, 'each', heard).length > 0);
  return isTold ? [] : [`nobody was told of ${name}`];
}

function trailOf(alerts: readonly KnownAlert[]): string {
  const rows = alerts.flatMap(({ why }) => why).filter(({ kind }) => kind.startsWith('alert.'));
  return rows.map(({ at, kind, reason }) => `  ${at} ${kind} ${reason}`).join('\n');
}

/** A channel hears that it fires and then that it is over; that alone, when it could not be told at the time. */
function faultsOfStory(
  { alert_id, why, labels }: KnownAlert,
  channel: string,
  heard: readonly Heard[],
): readonly string[] {
  const story = storyOf(alert_id, channel, heard);
  const where = `${nameOf(labels)} (${alert_id}) at ${channel}: ${story.join(' ')}`;
  if (story.length === 0) return [];
  if (story.at(-1) === 'firing') return [`${where}: its end was never told`];
  const ends = story.filter((word) => word !== 'firing');
  const beginnings = story.filter((word) => word === 'firing');
  // A group names what goes on beside what is new.
  const isTwice = channel === 'each' && beginnings.length > openingsIn(why);
  if (isTwice || ends.length > openingsIn(why)) return [`${where}: told more often than it happened`];
  const hasNoBeginning = story.some((word, index) => word === 'resolved' && story[index - 1] !== 'firing');
  return hasNoBeginning ? [`${where}: an end without a beginning`] : [];
}

/** What a channel was told of an alert, in order, copies left out. */
function storyOf(
  alertId: string,
  channel: string,
  heard: readonly Heard[],
): readonly ('firing' | 'resolved' | 'late')[] {
  const known = new Set<string>();
  return heard.flatMap(({ channel: at, body }) => {
    if (at !== channel || known.has(body.id)) return [];
    known.add(body.id);
    if (body.alert_id === '')
      return body.alerts.flatMap(({ alert_id, state }) =>
        alert_id !== alertId ? [] : [state === 'firing' ? ('firing' as const) : ('resolved' as const)],
      );
    if (body.alert_id !== alertId) return [];
    if (body.kind === 'alert.firing') return ['firing' as const];
    return [body.text.includes('could not be told at the time') ? ('late' as const) : ('resolved' as const)];
  });
}

function openingsIn(why: readonly WhyRow[]): number {
  return why.filter(({ kind }) => isOpening(kind)).length;
}

function isOpening(kind: string): boolean {
  return kind === 'alert.firing' || kind === 'alert.reopened';
}

/** The trail tells beginnings and ends by turns, and every message that was sent off arrived or was replaced. */
function faultsOfTrail({ alert_id, why }: KnownAlert): readonly string[] {
  const turns = why
    .filter(({ kind }) => isOpening(kind) || kind === 'alert.resolved')
    .map(({ kind }) => kind);
  const isOrdered = turns.every((kind, index) => isOpening(kind) === (index % 2 === 0));
  const faults =
    isOrdered && turns[0] === 'alert.firing' ? [] : [`${alert_id}: its trail says ${turns.join(' ')}`];
  const lost = CHANNELS.flatMap((channel) => undeliveredIn(why.filter((row) => row.channel === channel)));
  return [...faults, ...lost.map((id) => `${alert_id}: nothing says what became of the message ${id}`)];
}

function undeliveredIn(rows: readonly WhyRow[]): readonly string[] {
  const waiting = new Set<string>();
  for (const { kind, notification_id: id } of rows) {
    if (id === null) continue;
    if (kind === 'notification.replaced') waiting.clear();
    if (kind === 'notification.queued' || kind === 'notification.replaced') waiting.add(id);
    if (kind === 'notification.delivered') waiting.delete(id);
  }
  return [...waiting];
}

/** Every message that says it was delivered was heard; every message that was heard stands in a trail. */
function strangers({ alerts, heard }: Aftermath): readonly string[] {
  const key = (channel: string | null, id: string | null) => `${channel} ${id}`;
  const rows = alerts.flatMap(({ why }) => why);
  const arrived = new Set(heard.map(({ channel, idempotencyKey }) => key(channel, idempotencyKey)));
  const sent = new Set(rows.map(({ channel, notification_id }) => key(channel, notification_id)));
  const unheard = rows
    .filter(
      ({ kind, channel, notification_id }) =>
        kind === 'notification.delivered' && !arrived.has(key(channel, notification_id)),
    )
    .map(
      ({ channel, notification_id }) =>
        `${key(channel, notification_id)} counts as delivered and was not heard`,
    );
  return [
    ...unheard,
    ...[...arrived].filter((each) => !sent.has(each)).map((each) => `${each} stands in no trail`),
  ];
}
