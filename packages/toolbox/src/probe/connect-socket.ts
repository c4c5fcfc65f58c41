import { connect, type Socket } from 'node:net';
import type { Clock, Timer } from '@labkeeper/core';
import type { Address } from '../names/address.js';

/** How long one address is alone before the next is tried beside it, in milliseconds (RFC 8305, section 5, says 250). */
const NEXT_ADDRESS_MS = 250;

/** Where to, and what to call when it worked, or when every address has failed. */
export interface ConnectRequest {
  readonly addresses: readonly Address[];
  readonly port: number;
  readonly clock: Clock;
  readonly onConnect: (socket: Socket, address: Address) => void;
  /** With the fault of the first address that can be told from a missing route. */
  readonly onFail: (error: Error, address: Address) => void;
}

/**
 * Connects to the first address that accepts ("happy eyeballs"). Node's own `autoSelectFamily` gives up an address when
 * it tries the next one, which makes a slow but healthy site fail; here they go on side by side.
 * Returns how to give up.
 */
export function connectSocket(request: ConnectRequest): () => void {
  const [first] = request.addresses;
  return request.addresses.length === 1 && first ? connectOne(request, first) : connectRace(request);
}

function open({ address, family }: Address, port: number): Socket {
  return connect({ host: address, port, family, autoSelectFamily: false });
}

function connectOne({ port, onConnect, onFail }: ConnectRequest, address: Address): () => void {
  const socket = open(address, port);
  const fail = (error: Error) => onFail(error, address);
  socket.once('error', fail);
  socket.once('connect', () => {
    socket.off('error', fail);
    onConnect(socket, address);
  });
  return () => socket.destroy();
}

function connectRace(request: ConnectRequest): () => void {
  const { addresses, port, clock } = request;
  const open_ = new Set<Socket>();
  const failures: { error: Error; address: Address }[] = [];
  let tried = 0;
  let timer: Timer | undefined;

  const stop = (winner?: Socket) => {
    timer?.cancel();
    for (const socket of open_) if (socket !== winner) socket.destroy();
    tried = addresses.length;
  };
  const fail = (error: Error, address: Address) => {
    failures.push({ error, address });
    if (failures.length < addresses.length) return tryNext();
    const { error: shown, address: at } = failures.find((failure) => !isMissingRoute(failure.error)) ?? {
      error,
      address,
    };
    request.onFail(shown, at);
  };
  const tryNext = () => {
    timer?.cancel();
    const address = addresses[tried];
    if (!address) return;
    tried++;
    const socket = open(address, port);
    open_.add(socket);
    // Stays: a socket that lost the race may still fail.
    socket.on('error', (error) => {
      if (open_.delete(socket)) fail(error, address);
    });
    socket.once('connect', () => {
      stop(socket);
      socket.removeAllListeners('error');
      request.onConnect(socket, address);
    });
    timer = clock.setTimer(tryNext, NEXT_ADDRESS_MS);
  };
  tryNext();
  return stop;
}

/** A machine without version 6 says so at once; that is not why the site cannot be reached. */
function isMissingRoute(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return code === 'ENETUNREACH' || code === 'EADDRNOTAVAIL' || code === 'EHOSTUNREACH';
}
