import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { browserClock } from './browser-clock.js';

/** Draws an element again and again, for texts such as `5 minutes ago`. */
export class Ticker implements ReactiveController {
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly everyMs: number,
  ) {
    host.addController(this);
  }

  get nowMs(): number {
    return browserClock.now();
  }

  hostConnected(): void {
    this.#timer = setInterval(() => this.host.requestUpdate(), this.everyMs);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }
}
