import { randomClientId } from './client_id.js';
import type { ClientId } from './messages.js';

/** What the client needs of a WebSocket: the standard's is one, npm's `ws` is another. */
export interface WebSocketLike {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
}

export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

/** The world outside: tests give their own. Times are milliseconds. */
export interface Environment {
  readonly WebSocket: WebSocketClass;
  now(): number;
  /** Calls `task` after `delay`; the function returned prevents it. */
  schedule(task: () => void, delay: number): () => void;
  /** From 0 up to but not including 1. */
  random(): number;
  newClientId(): ClientId;
  /** Calls back when the network comes or goes, as far as anybody can tell; the function returned ends that. */
  watchNetwork(onChange: (isOnline: boolean) => void): () => void;
}

/** The browser's or Node's own. Throws where there is no WebSocket class and none is given. */
export function realEnvironment(given?: WebSocketClass): Environment {
  const WebSocket = given ?? (globalThis.WebSocket as unknown as WebSocketClass | undefined);
  if (WebSocket === undefined) throw new TypeError('no WebSocket class here: give one, such as that of npm ws');
  return {
    WebSocket,
    now: () => performance.now(),
    schedule: (task, delay) => {
      const timer = setTimeout(task, delay);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    newClientId: randomClientId,
    watchNetwork,
  };
}

function watchNetwork(onChange: (isOnline: boolean) => void): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => undefined;
  const online = () => onChange(true);
  const offline = () => onChange(false);
  globalThis.addEventListener('online', online);
  globalThis.addEventListener('offline', offline);
  return () => {
    globalThis.removeEventListener('online', online);
    globalThis.removeEventListener('offline', offline);
  };
}
