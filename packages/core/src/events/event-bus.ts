import { EventEmitter } from 'eventemitter3';

/** Events by name, each with one payload. */
export type EventMap = Record<string, unknown>;

/** A typed event bus. Delivery is synchronous and in the order of subscription. */
export interface EventBus<Events extends EventMap> {
  /** Subscribes; the returned function ends it and may be called twice. */
  on<Name extends keyof Events & string>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  once<Name extends keyof Events & string>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  /** Tells every listener. One that throws is reported and keeps no other from hearing. */
  emit<Name extends keyof Events & string>(name: Name, payload: Events[Name]): void;
}

/** Makes a bus. `onListenerError` hears what listeners throw; it must not throw itself. */
export function createEventBus<Events extends EventMap>(
  onListenerError: (error: unknown, event: string) => void = () => undefined,
): EventBus<Events> {
  const emitter = new EventEmitter();
  const subscribe = (way: 'on' | 'once', name: string, listener: (payload: never) => void) => {
    const guarded = (payload: unknown) => {
      try {
        listener(payload as never);
      } catch (error) {
        onListenerError(error, name);
      }
    };
    emitter[way](name, guarded);
    return () => void emitter.off(name, guarded);
  };
  return {
    on: (name, listener) => subscribe('on', name, listener),
    once: (name, listener) => subscribe('once', name, listener),
    emit: (name, payload) => void emitter.emit(name, payload),
  };
}
