import { Backoff } from './backoff.js';
import { DocumentCore, type Effect } from './document_core.js';
import type { DocumentType, OperationLimits } from './document_type.js';
import { Emitter } from './emitter.js';
import type { Environment } from './environment.js';
import { errorOf, QuireError } from './errors.js';
import { History } from './history.js';
import type { ClientId, ClientMessage, DocumentMessage, DocumentName, Edits, Failure, Opened } from './messages.js';
import type { Peer } from './presence_core.js';
import { PresenceSession } from './presence_session.js';

/**
 * How a document is: not complete yet or being opened again; without connection, edits are kept; with edits that are
 * not durable yet; everything is durable; closed for good.
 */
export type DocumentState = 'connecting' | 'offline' | 'saving' | 'saved' | 'closed';

/** Where a change came from. `reload`: the document came anew as a whole. */
export type Origin = 'local' | 'undo' | 'redo' | 'remote' | 'reload';

/** The content changed by `operation`, which applies to `before`. */
export interface SessionChange<Content, Op> {
  readonly before: Content;
  readonly operation: Op;
  readonly origin: Origin;
}

/** Work that was not saved and could not be kept in the document. */
export interface UnsavedCopy<Content> {
  /** The content with that work. */
  readonly content: Content;
  readonly reason: QuireError | null;
}

export interface SessionEvents<Content, Op, Cursor> {
  change: SessionChange<Content, Op>;
  state: DocumentState;
  presence: readonly Peer<Cursor>[];
  copy: UnsavedCopy<Content>;
  error: QuireError;
}

/** What a document needs of its client. */
export interface DocumentHost {
  readonly environment: Environment;
  readonly self: ClientId;
  readonly connectionState: 'connecting' | 'live' | 'offline' | 'closed';
  readonly operationLimits: OperationLimits;
  readonly presenceBytesMax: number;
  send(message: ClientMessage): void;
  /** A number that the answer to a request will name. */
  newRequest(): number;
  /** The document could not be opened now, and will be tried again. */
  onDelay(reason: QuireError): void;
  /** The session is over: forget it. */
  onEnd(): void;
}

interface Waiter {
  readonly isDone: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: QuireError) => void;
}

/** One open document: its core, undo history and presence, and what they say to the server. */
export class DocumentSession<Content, Op, Cursor> extends Emitter<SessionEvents<Content, Op, Cursor>> {
  readonly presence: PresenceSession<Content, Op, Cursor>;
  private readonly core: DocumentCore<Content, Op>;
  private readonly history: History<Content, Op>;
  private readonly resends: Backoff;
  private readonly reopens: Backoff;
  private waiting: Waiter[] = [];

  // Changes with every opening.
  private request: number | null = null;
  private number: number | null = null;
  private stopReopening = () => {};
  private stopResending = () => {};

  private stateNow: DocumentState = 'connecting';
  private end: QuireError | null = null;

  constructor(
    readonly name: DocumentName,
    private readonly type: DocumentType<Content, Op, Cursor>,
    private readonly host: DocumentHost,
  ) {
    super();
    const { environment, self } = host;
    this.core = new DocumentCore(type, self);
    this.history = new History(type);
    this.resends = new Backoff(environment.random);
    this.reopens = new Backoff(environment.random);
    this.presence = new PresenceSession(type, environment, {
      send: (cursor, state) => this.sendPresence(cursor, state),
      bytesMax: () => this.host.presenceBytesMax,
      isSettled: () => this.core.isLive && this.core.isSaved && this.number !== null,
      onPeers: (peers) => this.emit('presence', peers),
    });
  }

  get content(): Content {
    return this.core.content;
  }

  get revision(): number {
    return this.core.revision;
  }

  get state(): DocumentState {
    return this.stateNow;
  }

  get isSaved(): boolean {
    return this.core.isSaved;
  }

  get canUndo(): boolean {
    return this.end === null && this.history.canUndo;
  }

  get canRedo(): boolean {
    return this.end === null && this.history.canRedo;
  }

  /** Makes a local change; `op` is invertible. */
  edit(op: Op): void {
    this.assertUsable();
    if (this.type.isNothing(op)) return;
    const before = this.core.content;
    this.core.edit(op);
    this.history.note(op, this.host.environment.now());
    this.show(before, op, 'local');
  }

  /** Takes the last own step back. False if there is none, or the document is closed. */
  undo(): boolean {
    return this.travel('undo');
  }

  /** Takes the last undo back. False if there is none, or the document is closed. */
  redo(): boolean {
    return this.travel('redo');
  }

  /** The next edit begins a step of its own to undo. */
  endStep(): void {
    this.history.endStep();
  }

  /** Fulfilled once the document is there. */
  loaded(): Promise<void> {
    return this.until(() => this.core.isLoaded);
  }

  /** Fulfilled once all that was edited here is durable. */
  saved(): Promise<void> {
    return this.until(() => this.core.isSaved);
  }

  /** Leaves the document; what is not saved is lost. */
  close(): void {
    if (this.number !== null) this.host.send({ type: 'close', document: this.number });
    this.finish(new QuireError('closed_here'));
  }

  /** Opens the document, if there is a connection. */
  open(): void {
    this.stopReopening();
    this.stopResending();
    this.core.suspend();
    this.number = null;
    this.request = null;
    if (this.host.connectionState === 'live' && this.end === null) {
      this.request = this.host.newRequest();
      this.host.send({
        type: 'open',
        request: this.request,
        document: this.name,
        documentType: this.type.name,
        since: this.core.position,
      });
    }
    this.settle([]);
  }

  /** The connection came or went. `error`: it will not come back by itself. */
  onConnection(error: QuireError | null): void {
    if (this.host.connectionState !== 'live') {
      this.presence.onGone();
      this.open();
    }
    if (error !== null) this.rejectWaiting(error);
    this.settle([]);
  }

  /** Whether it waits for the answer to that request. */
  hasAsked(request: number): boolean {
    return request === this.request;
  }

  /** Whether the server calls it so. */
  isNumber(document: number): boolean {
    return document === this.number;
  }

  onFailure(failure: Failure): void {
    const error = errorOf(failure.code, failure.detail, failure.retry);
    if (error.remedy === 'give_up' || error.remedy === 'reauthenticate') return this.fail(error);
    if (error.remedy === 'reload') this.core.forgetPosition();
    this.reopenLater(error.retry);
    this.host.onDelay(error);
  }

  onMessage(message: DocumentMessage): void {
    switch (message.type) {
      case 'presenceChanges':
        return this.presence.onChanges(message.entries, this.core.pending);
      case 'closed':
        return this.onClosed(errorOf(message.code, message.detail));
      case 'resync':
        return this.open();
      case 'snapshotPart':
        return this.settle(this.guarded(() => this.core.onSnapshotPart(message)));
      case 'ack':
        return this.settle(this.guarded(() => this.core.onAck(message)));
      case 'nack':
        return this.settle(this.guarded(() => this.core.onNack(message)));
      case 'edits':
        return this.onEdits(message);
      case 'opened':
        return this.onOpened(message);
    }
  }

  /** One by one: whoever hears of a change may edit in answer, and finds the content as that change left it. */
  private onEdits({ document, first, run }: Edits): void {
    for (const [index, edit] of run.entries()) {
      if (!this.isNumber(document)) return;
      const one: Edits = { type: 'edits', document, first: first + index, run: [edit] };
      this.settle(this.guarded(() => this.core.onEdits(one)));
    }
  }

  private onOpened(opened: Opened): void {
    this.request = null;
    this.number = opened.document;
    this.presence.onOpened(opened.presence);
    this.settle(this.guarded(() => this.core.onOpened(opened)));
  }

  /** What the core cannot digest is the server's mistake; the document comes anew. */
  private guarded(step: () => Effect<Content, Op>[]): Effect<Content, Op>[] {
    try {
      return step();
    } catch (error) {
      return this.core.distrust(error);
    }
  }

  private onClosed(error: QuireError): void {
    if (error.remedy === 'give_up' || error.remedy === 'reauthenticate') return this.fail(error);
    this.reopenLater(error.retry);
  }

  private travel(direction: 'undo' | 'redo'): boolean {
    if (this.end !== null) return false;
    const before = this.core.content;
    const op = this.history[direction](before);
    if (op === null) return false;
    this.core.edit(op);
    this.show(before, op, direction);
    return true;
  }

  private assertUsable(): void {
    if (this.end !== null) throw this.end;
    if (!this.core.isLoaded) throw new QuireError('document_not_open', 'it is not loaded yet');
  }

  private show(before: Content, operation: Op, origin: Origin): void {
    this.tell({ before, operation, origin }, this.host.self);
    this.settle([]);
  }

  /** Of cursors only after the change: whoever draws them has the content by then that they are in. */
  private tell(change: SessionChange<Content, Op>, author: ClientId | null): void {
    const hasMoved = this.presence.move(change.operation, author);
    this.emit('change', change);
    if (hasMoved) this.emit('presence', this.presence.peers);
  }

  /** Does what the core wants, sends what can be sent, tells what became of it. */
  private settle(effects: readonly Effect<Content, Op>[]): void {
    for (const effect of effects) this.perform(effect);
    this.sendEdits();
    if (this.core.isSaved) this.resends.reset();
    if (this.core.isLive) this.reopens.reset();
    this.presence.onSettled();
    this.updateState();
    const done = this.waiting.filter((waiter) => waiter.isDone());
    this.waiting = this.waiting.filter((waiter) => !done.includes(waiter));
    for (const waiter of done) waiter.resolve();
  }

  private perform(effect: Effect<Content, Op>): void {
    switch (effect.kind) {
      case 'change':
        this.history.receive(effect.operation);
        this.tell({ ...effect, origin: effect.author === null ? 'reload' : 'remote' }, effect.author);
        break;
      case 'copy':
        this.emit('copy', effect);
        break;
      case 'reopen':
        this.reopenLater(0);
        break;
      case 'resendLater':
        this.resendLater(effect.delay);
        break;
      case 'failed':
        this.fail(effect.error);
    }
  }

  private sendEdits(): void {
    if (this.number === null) return;
    const edit = this.core.takeEdit(this.host.operationLimits);
    if (edit !== null) this.host.send({ type: 'edit', document: this.number, ...edit });
  }

  private sendPresence(cursor: Uint8Array, state: Uint8Array): void {
    if (this.number === null) return;
    this.host.send({ type: 'presenceUpdate', document: this.number, at: this.core.revision, cursor, state });
  }

  private resendLater(delay: number): void {
    this.stopResending();
    const task = () => {
      this.core.resend();
      this.settle([]);
    };
    this.stopResending = this.host.environment.schedule(task, this.resends.next(delay));
  }

  private reopenLater(delay: number): void {
    this.stopReopening();
    this.core.suspend();
    this.number = null;
    this.stopReopening = this.host.environment.schedule(() => this.open(), this.reopens.next(delay));
    this.updateState();
  }

  private fail(error: QuireError): void {
    this.finish(error);
    if (!this.core.isSaved) this.emit('copy', { content: this.core.content, reason: error });
    this.emit('error', error);
  }

  private finish(error: QuireError): void {
    if (this.end !== null) return;
    this.end = error;
    this.stopReopening();
    this.stopResending();
    this.presence.close();
    this.core.suspend();
    this.request = null;
    this.number = null;
    this.updateState();
    this.rejectWaiting(error);
    this.host.onEnd();
  }

  private updateState(): void {
    const state = this.stateOf();
    if (state === this.stateNow) return;
    this.stateNow = state;
    this.emit('state', state);
  }

  private stateOf(): DocumentState {
    if (this.end !== null) return 'closed';
    if (this.host.connectionState === 'connecting') return 'connecting';
    if (this.host.connectionState !== 'live') return 'offline';
    if (!this.core.isLive) return 'connecting';
    return this.core.isSaved ? 'saved' : 'saving';
  }

  private until(isDone: () => boolean): Promise<void> {
    if (this.end !== null) return Promise.reject(this.end);
    if (isDone()) return Promise.resolve();
    return new Promise((resolve, reject) => this.waiting.push({ isDone, resolve, reject }));
  }

  private rejectWaiting(error: QuireError): void {
    const { waiting } = this;
    this.waiting = [];
    for (const waiter of waiting) waiter.reject(error);
  }
}
