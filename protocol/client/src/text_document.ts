import type { DocumentSession, DocumentState, Origin, UnsavedCopy } from './document_session.js';
import { Emitter } from './emitter.js';
import type { QuireError } from './errors.js';
import type { ClientId, DocumentName } from './messages.js';
import type { Peer } from './presence_core.js';
import { changesOf, offsetOf, operationOf, positionOf, type TextChange } from './text_changes.js';
import type { TextOp } from './text_operation.js';
import type { TextSelection } from './text_type.js';

/** A selection in UTF-16 units: where it began, and where it ends, which is where the cursor blinks. */
export interface Selection {
  readonly anchor: number;
  readonly head: number;
}

/** Somebody else who has the document open. */
export interface TextPeer {
  readonly id: number;
  readonly client: ClientId;
  readonly selection: Selection | null;
  /** The application's own: a name, a colour. */
  readonly state: unknown;
}

/** What one shows of oneself. */
export interface TextPresence {
  readonly selection?: Selection | null;
  /** The application's own, of MessagePack's kinds: a name, a colour. */
  readonly state?: unknown;
}

/** The text changed: `changes` are in the text as it was before, in order. */
export interface TextChanged {
  readonly changes: readonly TextChange[];
  readonly origin: Origin;
}

export interface TextEvents {
  change: TextChanged;
  state: DocumentState;
  presence: readonly TextPeer[];
  copy: UnsavedCopy<string>;
  /** It is closed for this reason. */
  error: QuireError;
}

/** An open text document. Offsets are UTF-16 units, as JavaScript and editors count them. */
export class TextDocument extends Emitter<TextEvents> {
  constructor(private readonly session: DocumentSession<string, TextOp, TextSelection>) {
    super();
    session.on('change', ({ before, operation, origin }) => {
      this.emit('change', { changes: changesOf(before, operation), origin });
    });
    session.on('state', (state) => this.emit('state', state));
    session.on('presence', () => this.emit('presence', this.peers));
    session.on('copy', (copy) => this.emit('copy', copy));
    session.on('error', (error) => this.emit('error', error));
  }

  get name(): DocumentName {
    return this.session.name;
  }

  get text(): string {
    return this.session.content;
  }

  /** How many edits of the server the text has, without what is not saved yet. */
  get revision(): number {
    return this.session.revision;
  }

  get state(): DocumentState {
    return this.session.state;
  }

  /** Whether all that was edited here is durable. */
  get isSaved(): boolean {
    return this.session.isSaved;
  }

  /** Who else is here. */
  get peers(): readonly TextPeer[] {
    return this.session.presence.peers.map((peer) => this.peerOf(peer));
  }

  get canUndo(): boolean {
    return this.session.canUndo;
  }

  get canRedo(): boolean {
    return this.session.canRedo;
  }

  /**
   * Replaces stretches of the text, all given as it is now, in order, not overlapping. Also offline: it is sent later.
   * Throws a RangeError where one does not fit or would cut a code point in two.
   */
  change(changes: readonly TextChange[]): void {
    this.session.edit(operationOf(this.text, changes));
  }

  insert(offset: number, text: string): void {
    this.replace(offset, offset, text);
  }

  delete(from: number, to: number): void {
    this.replace(from, to, '');
  }

  replace(from: number, to: number, insert: string): void {
    this.change([{ from, to, insert }]);
  }

  /** Takes one's own last step back; others' work stays. False if there is none, or the document is closed. */
  undo(): boolean {
    return this.session.undo();
  }

  /** Takes the last undo back. False if there is none, or the document is closed. */
  redo(): boolean {
    return this.session.redo();
  }

  /** The next edit begins a step of its own to undo. */
  endUndoStep(): void {
    this.session.endStep();
  }

  /** Shows oneself to the others; null: not any more. */
  setPresence(presence: TextPresence | null): void {
    if (presence === null) return this.session.presence.set(null);
    const { selection = null, state } = presence;
    this.session.presence.set({ cursor: selection === null ? null : this.cursorOf(selection), state });
  }

  /** Fulfilled once all that was edited here is durable; rejected where that cannot be. */
  saved(): Promise<void> {
    return this.session.saved();
  }

  /** Leaves the document; what is not saved is lost. */
  close(): void {
    this.session.close();
  }

  private cursorOf({ anchor, head }: Selection): TextSelection {
    return { anchor: positionOf(this.text, anchor), head: positionOf(this.text, head) };
  }

  private peerOf({ id, client, cursor, state }: Peer<TextSelection>): TextPeer {
    const { text } = this;
    const selection = cursor && { anchor: offsetOf(text, cursor.anchor), head: offsetOf(text, cursor.head) };
    return { id, client, selection, state };
  }
}
