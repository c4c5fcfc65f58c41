import type { FastifyReply } from 'fastify';

/** Kinds of failure as Prometheus' HTTP API names them, and the status that goes with each. */
export const STATUS_OF_KIND = {
  bad_data: 400,
  execution: 422,
  unsupported: 422,
  timeout: 503,
  canceled: 503,
  unavailable: 503,
  unsupported_media: 415,
  too_many: 429,
  not_found: 404,
  internal: 500,
} as const;

export type FailureKind = keyof typeof STATUS_OF_KIND;

/** Kinds that Prometheus' API has no name for, by the name that its clients understand. */
const TYPE_OF_KIND: Partial<Readonly<Record<FailureKind, string>>> = {
  unsupported: 'execution',
  unsupported_media: 'bad_data',
  too_many: 'bad_data',
};

/** A request that cannot be answered, for callers of the Prometheus API. The status is that of its kind, unless another is given. */
export class PrometheusFailure extends Error {
  override readonly name = 'PrometheusFailure';

  constructor(
    kind: FailureKind,
    message: string,
    readonly status: number = STATUS_OF_KIND[kind],
  ) {
    super(message);
    this.errorType = TYPE_OF_KIND[kind] ?? kind;
  }

  /** As the answer says it. */
  readonly errorType: string;
}

/** The kind of a refusal that is not Prometheus' own: a key that is missing, a body that is too large, a limit. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 404) return 'not_found';
  if (status === 503) return 'unavailable';
  return status < 500 ? 'bad_data' : 'internal';
}

/** Remarks that go with data: Prometheus' clients show them. */
export interface Remarks {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** `{"status":"success",…}` around data that is JSON already. */
export function successText(dataJson: string, { warnings = [], infos = [] }: Remarks = {}): string {
  const told = warnings.length === 0 ? '' : `,"warnings":${JSON.stringify(warnings)}`;
  const noted = infos.length === 0 ? '' : `,"infos":${JSON.stringify(infos)}`;
  return `{"status":"success","data":${dataJson}${told}${noted}}`;
}

/** Sends text that is JSON already, whatever the framework thinks of it. */
export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .serializer((value: unknown) => value as string)
    .send(text);
}

/** Sends data as Prometheus does. */
export function sendData(reply: FastifyReply, data: unknown, remarks?: Remarks): FastifyReply {
  return sendJson(reply, successText(JSON.stringify(data), remarks));
}
