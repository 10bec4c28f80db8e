import { Backoff } from './backoff.js';
import { decodeServerFrame, encodeClientMessage } from './codec.js';
import type { Environment, WebSocketLike } from './environment.js';
import { errorOf, errorOfClose, isPermanent, QuireError } from './errors.js';
import { PROTOCOL_VERSION, SUBPROTOCOL, type ClientId, type ClientMessage, type ServerMessage, type Welcome } from './messages.js';

/** `offline` waits to try again; `closed` does not try any more. */
export type ConnectionState = 'connecting' | 'live' | 'offline' | 'closed';

/** A connection's settings. */
export interface ConnectionOptions {
  readonly url: string;
  readonly client: ClientId;
  readonly agent: string;
  /** Asked for at each attempt; an empty one is anonymous. */
  readonly token: () => string | Promise<string>;
}

/** Who is told what a connection brings. */
export interface ConnectionOwner {
  onState(): void;
  /** The server greeted: documents can be opened. */
  onWelcome(welcome: Welcome): void;
  onMessage(message: ServerMessage): void;
}

/** Milliseconds. */
const SILENCE_MAX = 10_000;
const PROBE_WAIT = 2_000;

/** One attempt and what became of it. */
interface Link {
  readonly socket: WebSocketLike;
  lastHeard: number;
  silenceMax: number;
  stopWatching: () => void;
}

/** One WebSocket after another to one server: greets, answers pings, notices silence, comes back. */
export class Connection {
  private link: Link | null = null;
  private stateNow: ConnectionState = 'offline';
  private errorNow: QuireError | null = null;
  private resume = new Uint8Array();
  private attempt = 0;
  private readonly backoff: Backoff;
  private stopWaiting = () => {};
  /** Until when the server asked to be left alone. */
  private askedUntil = 0;
  private stopWatching = () => {};

  constructor(
    private readonly environment: Environment,
    private readonly options: ConnectionOptions,
    private readonly owner: ConnectionOwner,
  ) {
    this.backoff = new Backoff(environment.random);
  }

  get state(): ConnectionState {
    return this.stateNow;
  }

  /** Why it is not live; null while nothing is wrong. */
  get error(): QuireError | null {
    return this.errorNow;
  }

  /** Connects now, also from `closed`, and from then on stays connected as well as it can. */
  start(): void {
    if (this.stateNow === 'live' || this.stateNow === 'connecting') return;
    this.stopWatching();
    this.stopWatching = this.environment.watchNetwork((isOnline) => this.onNetwork(isOnline));
    void this.connect();
  }

  /** Ends it for good. */
  close(): void {
    this.end(new QuireError('closed_here'));
  }

  /** Sends if it is live; what must not be lost is sent again after the next welcome. */
  send(message: ClientMessage): void {
    if (this.stateNow === 'live') this.link?.socket.send(encodeClientMessage(message));
  }

  private async connect(): Promise<void> {
    const attempt = ++this.attempt;
    this.stopWaiting();
    this.change('connecting');
    try {
      const token = await this.options.token();
      if (attempt === this.attempt) this.dial(token);
    } catch (error) {
      if (attempt === this.attempt) this.lose(new QuireError('connection_lost', String(error)));
    }
  }

  private dial(token: string): void {
    const socket = new this.environment.WebSocket(this.options.url, [SUBPROTOCOL]);
    const lastHeard = this.environment.now();
    const link: Link = { socket, lastHeard, silenceMax: SILENCE_MAX, stopWatching: () => {} };
    this.link = link;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => socket.send(encodeClientMessage(this.hello(token)));
    socket.onmessage = (event: { data: unknown }) => this.onFrame(link, event.data);
    socket.onerror = () => undefined; // A close follows, and it says more.
    socket.onclose = (event: { code: number; reason: string }) => this.onClose(link, event.code, event.reason);
    this.watchSilence(link);
  }

  private hello(token: string): ClientMessage {
    const { client, agent } = this.options;
    const version = PROTOCOL_VERSION;
    return { type: 'hello', versionMin: version, versionMax: version, client, token, resume: this.resume, agent };
  }

  private onFrame(link: Link, data: unknown): void {
    link.lastHeard = this.environment.now();
    try {
      if (!(data instanceof ArrayBuffer)) throw new TypeError('a frame that is not binary');
      for (const message of decodeServerFrame(new Uint8Array(data))) if (link === this.link) this.onMessage(link, message);
    } catch (error) {
      if (link === this.link) this.lose(new QuireError('internal', `not understood: ${String(error)}`));
    }
  }

  private onMessage(link: Link, message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        return this.onWelcome(link, message);
      case 'ping':
        return link.socket.send(encodeClientMessage({ type: 'pong', nonce: message.nonce }));
      case 'pong':
        return;
      case 'bye':
        return this.lose(errorOf(message.code, message.detail, message.retry));
    }
    this.owner.onMessage(message);
  }

  private onWelcome(link: Link, welcome: Welcome): void {
    if (welcome.version !== PROTOCOL_VERSION) return this.end(new QuireError('unsupported_version'));
    this.resume = new Uint8Array(welcome.resume);
    link.silenceMax = Math.max(SILENCE_MAX, 2 * welcome.keepalive);
    this.backoff.reset();
    this.errorNow = null;
    this.change('live');
    this.owner.onWelcome(welcome);
  }

  private onClose(link: Link, code: number, reason: string): void {
    if (link !== this.link) return;
    const error = errorOfClose(code, reason);
    if (isPermanent(code)) this.end(error);
    else this.lose(error);
  }

  /** The connection is of no use any more; another is tried later, where that can help. */
  private lose(error: QuireError): void {
    if (error.remedy === 'give_up' || error.remedy === 'reauthenticate') return this.end(error);
    this.drop();
    this.errorNow = error;
    this.askedUntil = this.environment.now() + error.retry;
    this.connectIn(this.backoff.next(error.retry));
    this.change('offline');
  }

  private connectIn(delay: number): void {
    this.stopWaiting();
    this.stopWaiting = this.environment.schedule(() => void this.connect(), delay);
  }

  private end(error: QuireError): void {
    this.drop();
    this.stopWatching();
    this.errorNow = error;
    this.change('closed');
  }

  private drop(): void {
    this.attempt += 1;
    this.stopWaiting();
    const { link } = this;
    if (link === null) return;
    const { socket } = link;
    this.link = null;
    link.stopWatching();
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** After half of the time that is allowed it asks, at its end it gives up. */
  private watchSilence(link: Link): void {
    const silent = this.environment.now() - link.lastHeard;
    if (silent >= link.silenceMax) return this.lose(new QuireError('silent'));
    if (silent >= link.silenceMax / 2) this.send({ type: 'ping', nonce: 0 });
    const next = silent < link.silenceMax / 2 ? link.silenceMax / 2 : link.silenceMax;
    link.stopWatching = this.environment.schedule(() => this.watchSilence(link), next - silent);
  }

  /**
   * The network's own word is a hint: a server on this machine is there without it. It ends what we wait by ourselves,
   * not what the server asked for.
   */
  private onNetwork(isOnline: boolean): void {
    const { link } = this;
    if (isOnline && this.stateNow === 'offline') this.connectIn(Math.max(0, this.askedUntil - this.environment.now()));
    if (isOnline || link === null) return;
    const askedAt = this.environment.now();
    this.send({ type: 'ping', nonce: 0 });
    this.environment.schedule(() => {
      if (link === this.link && link.lastHeard <= askedAt) this.lose(new QuireError('silent', 'the network went away'));
    }, PROBE_WAIT);
  }

  private change(state: ConnectionState): void {
    if (state === this.stateNow) return;
    this.stateNow = state;
    this.owner.onState();
  }
}
