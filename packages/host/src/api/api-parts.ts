import type { Actor, Clock, Logger, MetricDescription, RouteSet, Storage } from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';
import type { Engine, MetricFamily } from '@labkeeper/engine';

/** Who a key belongs to. What the API needs of the host's keys. */
export interface KeyLookup {
  /** The owner of a key, or undefined for one that is not valid. Asked for every request with a key. */
  verify(key: string): Promise<Actor | undefined>;
  /** The owner of the key with this id while it is valid. Asked for every request with a session. */
  actorOf(keyId: string): Promise<Actor | undefined>;
}

/** What the configuration file says about the API. Asked anew for every request, so a reload counts at once. */
export interface ApiSettings {
  /** Origins whose pages may use the API with a key, such as `https://home.example`. */
  readonly allowedOrigins: readonly string[];
  /** Address under which people reach the host. With https, cookies are sent over TLS only. */
  readonly publicUrl?: string;
}

/** Routes that a plugin brings. */
export interface PluginRoutes {
  /** Name of the plugin; its collections in the store begin with it. */
  readonly plugin: string;
  readonly set: RouteSet;
}

/** Everything the API is made of. */
export interface ApiParts {
  readonly engine: Engine;
  readonly storage: Storage;
  readonly keys: KeyLookup;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
  /** Different at every start; begins the ids of live events. */
  readonly bootId: string;
  readonly settings?: () => ApiSettings;
  /** While the host is not running, everything that needs the engine answers 503. Default: always running. */
  readonly phase?: () => HostPhase;
  /** Routes of plugins that the file wants. */
  readonly routes?: readonly PluginRoutes[];
  /** What the metrics of the plugins that run mean. Asked for every request. */
  readonly metricDescriptions?: () => readonly MetricDescription[];
  /** What is wrong with the host itself at the moment, one sentence each. Storage is asked besides. */
  readonly problems?: () => readonly string[];
  /** Own metrics that only the host knows, for /metrics. */
  readonly metrics?: () => readonly MetricFamily[];
  /** Folder of the built pages; undefined or without index.html: a plain page that says so. */
  readonly uiRoot?: string;
  /** The built module of the elements, served at /elements.js. */
  readonly elementsFile?: string;
}

export type HostPhase = 'starting' | 'running' | 'stopping';
