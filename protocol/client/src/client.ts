import { Connection, type ConnectionState } from './connection.js';
import { DocumentSession, type DocumentHost } from './document_session.js';
import { Emitter } from './emitter.js';
import { realEnvironment, type Environment, type WebSocketClass } from './environment.js';
import { QuireError } from './errors.js';
import type { ClientId, DocumentName, ServerMessage, Welcome } from './messages.js';
import { toWellFormed } from './text_changes.js';
import { TextDocument } from './text_document.js';
import { textType } from './text_type.js';

/** How to connect; everything has a default but in Node before 22 the WebSocket class. */
export interface ClientOptions {
  /** Such as that of npm `ws`. Default: the global one. */
  readonly WebSocket?: WebSocketClass;
  /** What shows the server who this is, asked for at each connection. Default: anonymous. */
  readonly token?: string | (() => string | Promise<string>);
  /** Name and version of the application, for the server's log. It is cut after some forty letters. */
  readonly agent?: string;
  /** For tests: the whole world outside. */
  readonly environment?: Environment;
}

/** A document could not be opened for now. It is tried again by itself, and again, until that works. */
export interface DelayedOpen {
  readonly document: DocumentName;
  readonly reason: QuireError;
}

export interface ClientEvents {
  state: ConnectionState;
  delay: DelayedOpen;
  /** It is closed and will not connect again by itself. */
  error: QuireError;
}

type AnySession = DocumentSession<unknown, unknown, unknown>;

interface OpenDocument {
  readonly session: AnySession;
  readonly facade: TextDocument;
}

/** The server's limits; until it tells them, the least that any has. */
const OPERATION_BYTES_DEFAULT = 64 * 1024;
const OPERATION_PARTS_MAX = 10_000;
const PRESENCE_BYTES_DEFAULT = 1024;
/** In UTF-16 units: no more than 128 bytes. */
const AGENT_LENGTH_MAX = 42;

/** Connects to a server, and stays connected as well as it can. */
export function connect(url: string, options: ClientOptions = {}): QuireClient {
  return new QuireClient(url, options);
}

/** One client: one connection and the documents open on it. */
export class QuireClient extends Emitter<ClientEvents> {
  /** This client's id in every edit it makes. */
  readonly id: ClientId;
  private readonly environment: Environment;
  private readonly connection: Connection;
  private readonly documents = new Map<string, OpenDocument>();
  private requests = 0;
  private operationBytesMax = OPERATION_BYTES_DEFAULT;
  private presenceBytesMax = PRESENCE_BYTES_DEFAULT;

  /** Throws a TypeError where the address is not one, or where there is no WebSocket class. */
  constructor(url: string, options: ClientOptions = {}) {
    super();
    const { token = '', agent = 'quire-client' } = options;
    this.environment = options.environment ?? realEnvironment(options.WebSocket);
    this.id = this.environment.newClientId();
    this.connection = new Connection(
      this.environment,
      {
        url: new URL(url).href,
        client: this.id,
        agent: toWellFormed(agent.slice(0, AGENT_LENGTH_MAX)),
        token: typeof token === 'function' ? token : () => token,
      },
      {
        onState: () => this.onState(),
        onWelcome: (welcome) => this.onWelcome(welcome),
        onMessage: (message) => this.onMessage(message),
      },
    );
    this.connection.start();
  }

  get state(): ConnectionState {
    return this.connection.state;
  }

  /** Why it is not live; null while nothing is wrong. */
  get error(): QuireError | null {
    return this.connection.error;
  }

  /**
   * Opens a text document; one that does not exist comes to be with its first edit. A name alone is in the organisation
   * `default`. Fulfilled once the document is there, however long that takes; rejected where trying again cannot help.
   */
  async open(name: string | DocumentName): Promise<TextDocument> {
    if (this.state === 'closed') throw this.error ?? new QuireError('closed_here');
    const full = typeof name === 'string' ? { organisation: 'default', name } : name;
    const known = this.documents.get(keyOf(full)) ?? this.add(full);
    await known.session.loaded();
    return known.facade;
  }

  /** Tries to connect now: in place of waiting, or again after a permanent error. */
  reconnect(): void {
    this.connection.start();
  }

  /** Leaves all documents and closes the connection; what is not saved is lost. */
  close(): void {
    for (const { session } of [...this.documents.values()]) session.close();
    this.connection.close();
  }

  private add(name: DocumentName): OpenDocument {
    const session = new DocumentSession(name, textType, this.hostOf(name));
    const opened = { session: session as unknown as AnySession, facade: new TextDocument(session) };
    this.documents.set(keyOf(name), opened);
    session.open();
    return opened;
  }

  private hostOf(name: DocumentName): DocumentHost {
    const client = this;
    return {
      environment: this.environment,
      self: this.id,
      get connectionState() {
        return client.state;
      },
      get operationLimits() {
        return { bytesMax: client.operationBytesMax, partsMax: OPERATION_PARTS_MAX };
      },
      get presenceBytesMax() {
        return client.presenceBytesMax;
      },
      send: (message) => this.connection.send(message),
      newRequest: () => ++this.requests,
      onDelay: (reason) => this.emit('delay', { document: name, reason }),
      onEnd: () => this.documents.delete(keyOf(name)),
    };
  }

  private onState(): void {
    const { state, error } = this.connection;
    for (const { session } of [...this.documents.values()]) session.onConnection(state === 'closed' ? error : null);
    this.emit('state', state);
    if (state === 'closed' && error !== null && error.code !== 'closed_here') this.emit('error', error);
  }

  private onWelcome({ limits }: Welcome): void {
    this.operationBytesMax = limits.operationBytesMax;
    this.presenceBytesMax = limits.presenceBytesMax;
    for (const { session } of [...this.documents.values()]) session.open();
  }

  private onMessage(message: ServerMessage): void {
    const session = this.addressee(message);
    if (session === undefined) return;
    if (message.type === 'failure') session.onFailure(message);
    else if ('document' in message) session.onMessage(message);
  }

  /** None where the message is about a document that was closed meanwhile. */
  private addressee(message: ServerMessage): AnySession | undefined {
    const sessions = [...this.documents.values()].map(({ session }) => session);
    if (message.type === 'opened' || message.type === 'failure')
      return sessions.find((session) => session.hasAsked(message.request));
    return 'document' in message ? sessions.find((session) => session.isNumber(message.document)) : undefined;
  }
}

function keyOf({ organisation, name }: DocumentName): string {
  return JSON.stringify([organisation, name]);
}
