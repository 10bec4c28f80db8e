import { decode, encode } from '@msgpack/msgpack';

import type { DocumentType } from './document_type.js';
import type { ClientId, PresenceEntry } from './messages.js';

/** Somebody who has the document open. */
export interface Peer<Cursor> {
  readonly id: number;
  readonly client: ClientId;
  /** In the content as it is shown here; null: none. */
  readonly cursor: Cursor | null;
  /** The application's own: a name, a colour. */
  readonly state: unknown;
}

const NOTHING = new Uint8Array();

/** Who else is here, with cursors kept in step with the content shown. Pure. */
export class PresenceCore<Op, Cursor> {
  private readonly peersById = new Map<number, Peer<Cursor>>();

  constructor(private readonly type: DocumentType<unknown, Op, Cursor>) {}

  get peers(): readonly Peer<Cursor>[] {
    return [...this.peersById.values()];
  }

  /** Forgets everybody: the server will tell anew. */
  clear(): boolean {
    const hadSome = this.peersById.size > 0;
    this.peersById.clear();
    return hadSome;
  }

  /** Takes what the server says; `pending` is what its cursors do not know yet, `self` is the client's own presence. */
  receive(entries: readonly PresenceEntry[], pending: readonly Op[], self: number): void {
    for (const entry of entries) {
      const isGone = entry.cursor.length === 0 && entry.state.length === 0;
      if (isGone) this.peersById.delete(entry.id);
      else if (entry.id !== self) this.peersById.set(entry.id, this.peerOf(entry, pending));
    }
  }

  /** Moves cursors over a change of the content shown; `author` made it. True if any moved. */
  move(op: Op, author: ClientId | null): boolean {
    let hasMoved = false;
    for (const [id, peer] of this.peersById) {
      if (peer.cursor === null) continue;
      this.peersById.set(id, { ...peer, cursor: this.type.moveCursor(peer.cursor, op, peer.client === author) });
      hasMoved = true;
    }
    return hasMoved;
  }

  private peerOf({ id, client, cursor, state }: PresenceEntry, pending: readonly Op[]): Peer<Cursor> {
    return { id, client, cursor: this.cursorOf(cursor, pending), state: stateOf(state) };
  }

  private cursorOf(bytes: Uint8Array, pending: readonly Op[]): Cursor | null {
    if (bytes.length === 0) return null;
    try {
      return pending.reduce((cursor, op) => this.type.moveCursor(cursor, op, false), this.type.decodeCursor(bytes));
    } catch {
      return null; // A cursor of a type that this version does not know: the peer is shown without.
    }
  }
}

/** An application's state on the wire; undefined: none. */
export function encodeState(state: unknown): Uint8Array {
  return state === undefined ? NOTHING : encode(state);
}

function stateOf(bytes: Uint8Array): unknown {
  try {
    return bytes.length === 0 ? undefined : decode(bytes);
  } catch {
    return undefined; // Another application's: nothing here can read it.
  }
}
