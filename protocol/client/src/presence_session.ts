import type { DocumentType } from './document_type.js';
import type { Environment } from './environment.js';
import { QuireError } from './errors.js';
import type { ClientId, PresenceEntry } from './messages.js';
import { encodeState, PresenceCore, type Peer } from './presence_core.js';

/** What one shows of oneself. */
export interface Presence<Cursor> {
  readonly cursor: Cursor | null;
  /** The application's own, of MessagePack's kinds: a name, a colour. Undefined: none. */
  readonly state?: unknown;
}

/** What presence needs of its document. */
export interface PresenceHost<Cursor> {
  send(cursor: Uint8Array, state: Uint8Array): void;
  /** How many bytes cursor and state may have together. */
  bytesMax(): number;
  /** Whether the server has the content as it is shown, so that a cursor in it means something there. */
  isSettled(): boolean;
  onPeers(peers: readonly Peer<Cursor>[]): void;
}

/** Milliseconds between two updates sent: 10 a second. */
const INTERVAL = 100;
const CURSOR_BYTES_MAX = 32;
const NOTHING = new Uint8Array();

/** Presence both ways: who else is here, and what they see of this client. */
export class PresenceSession<Content, Op, Cursor> {
  private readonly others: PresenceCore<Op, Cursor>;
  private self = 0;
  private mine: Presence<Cursor> | null = null;
  private isDue = false;
  private sentAt = -Infinity;
  private stopWaiting: (() => void) | null = null;

  constructor(
    private readonly type: DocumentType<Content, Op, Cursor>,
    private readonly environment: Environment,
    private readonly host: PresenceHost<Cursor>,
  ) {
    this.others = new PresenceCore(type);
  }

  get peers(): readonly Peer<Cursor>[] {
    return this.others.peers;
  }

  /**
   * Shows oneself to the others; null: not any more. Sent at most ten times a second, and when all is saved.
   * Throws too_much_presence.
   */
  set(presence: Presence<Cursor> | null): void {
    if (presence === null && this.mine === null) return;
    if (encodeState(presence?.state).length + CURSOR_BYTES_MAX > this.host.bytesMax())
      throw new QuireError('too_much_presence');
    this.mine = presence;
    this.isDue = true;
    this.onSettled();
  }

  onOpened(self: number): void {
    this.self = self;
    this.isDue = this.mine !== null;
    if (this.others.clear()) this.host.onPeers(this.peers);
  }

  onGone(): void {
    if (this.others.clear()) this.host.onPeers(this.peers);
  }

  onChanges(entries: readonly PresenceEntry[], pending: readonly Op[]): void {
    this.others.receive(entries, pending, this.self);
    this.host.onPeers(this.peers);
  }

  /** The content shown changed; `author` made the change. True if somebody's cursor moved. */
  move(op: Op, author: ClientId | null): boolean {
    const cursor = this.mine?.cursor ?? null;
    if (this.mine !== null && cursor !== null) this.mine = { ...this.mine, cursor: this.type.moveCursor(cursor, op, false) };
    return this.others.move(op, author);
  }

  /** Sends what is due, if it can be sent now. */
  onSettled(): void {
    if (!this.isDue || this.stopWaiting !== null || !this.host.isSettled()) return;
    const left = this.sentAt + INTERVAL - this.environment.now();
    if (left <= 0) return this.send();
    this.stopWaiting = this.environment.schedule(() => {
      this.stopWaiting = null;
      this.onSettled();
    }, left);
  }

  close(): void {
    this.stopWaiting?.();
    this.stopWaiting = null;
    this.isDue = false;
    this.onGone();
  }

  private send(): void {
    this.isDue = false;
    this.sentAt = this.environment.now();
    const cursor = this.mine?.cursor ?? null;
    this.host.send(cursor === null ? NOTHING : this.type.encodeCursor(cursor), encodeState(this.mine?.state));
  }
}
