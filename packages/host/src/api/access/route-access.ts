import { type Actor, LabkeeperError, type ROLES } from '@labkeeper/core';
import type { FastifyRequest, RouteOptions } from 'fastify';

/** Who may call a route: everybody, or keys of at least this role. */
export type Permission = 'public' | (typeof ROLES)[number];

/** How a change appears in the audit log. */
export interface AuditNote {
  /** Object and verb: `server.update`. */
  readonly action: string;
  /** What was changed. Called after the request was handled, also for one that was refused before it was read. */
  target(request: FastifyRequest): string;
}

/** Stands beside every route, as `config`. */
export interface RouteAccess {
  readonly permission: Permission;
  readonly audit?: AuditNote;
  /**
   * Why a method that could change something leaves no row in the audit log: it only reads (a query sent as a form), or it takes in
   * what is measured, a hundred times a minute.
   */
  readonly unaudited?: 'reads' | 'measurements';
}

/** A target is an id. What is longer was refused and is shown in part. */
const LONGEST_TARGET = 200;

declare module 'fastify' {
  interface FastifyContextConfig extends Partial<RouteAccess> {}
  interface FastifyRequest {
    /** Who asks. Null on public routes and until it is known. */
    actor: Actor | null;
    /** Hash of the session, when the request came with one and not with a key. */
    sessionHash: string | null;
  }
}

/** A route that only reads. */
export function readable(permission: Permission): RouteAccess {
  return { permission };
}

/** A route that changes something. */
export function changing(permission: Permission, action: string, target: AuditNote['target']): RouteAccess {
  return { permission, audit: { action, target } };
}

/** A route that only reads, by POST too: a long query is sent as a form. */
export function reading(permission: Permission): RouteAccess {
  return { permission, unaudited: 'reads' };
}

/** A route that takes in measurements. */
export function measuring(permission: Permission): RouteAccess {
  return { permission, unaudited: 'measurements' };
}

/** A parameter of the path or a field of the body, for an {@link AuditNote}: the request may have been refused before it was read. */
export function fieldOf(part: unknown, name: string): string {
  const value =
    typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value.slice(0, LONGEST_TARGET) : '';
}

/** Who asks, on a route that is not public. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new LabkeeperError('UNAUTHORIZED', 'This needs a key.');
  return request.actor;
}

/** True for a method that must not change anything. */
export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * Routes without a declared permission, and changing routes that would leave no trace. The server does not start with
 * one of them: forgetting a declaration must not open a door.
 */
export function undeclaredRoutes(routes: readonly RouteOptions[]): readonly string[] {
  return routes
    .filter(({ method, config }) => {
      const methods = [method].flat();
      if (methods.every((name) => name === 'OPTIONS')) return false;
      const isTraceless =
        !methods.every(isReading) && config?.audit === undefined && config?.unaudited === undefined;
      return config?.permission === undefined || isTraceless;
    })
    .map(({ method, url }) => `${[method].flat().join(',')} ${url}`);
}
