import type { DocumentType, OperationLimits } from './document_type.js';
import { errorOf, QuireError } from './errors.js';
import type { Ack, ClientId, CommittedEdit, Edits, Nack, Opened, Position, SnapshotPart } from './messages.js';
import { rebaseOver } from './rebase.js';

/** What a core wants done, or its owner told, after something happened. */
export type Effect<Content, Op> =
  /** The content changed, and not by `edit`. `author` is null where many edits came as one. */
  | { readonly kind: 'change'; readonly before: Content; readonly operation: Op; readonly author: ClientId | null }
  /** Work that was not saved could not be kept in the document: this is the content with it. */
  | { readonly kind: 'copy'; readonly content: Content; readonly reason: QuireError | null }
  /** Open the document again, from `position`. */
  | { readonly kind: 'reopen' }
  /** Call `resend` after so long at least. */
  | { readonly kind: 'resendLater'; readonly delay: number }
  /** The document cannot be used any more. */
  | { readonly kind: 'failed'; readonly error: QuireError };

/** An edit that should be sent now. */
export interface OutgoingEdit {
  readonly sequence: number;
  readonly base: number;
  readonly operation: Uint8Array;
}

interface InFlight<Op> {
  sequence: number;
  // As it was sent first. A repeat must be byte for byte the same, or the server takes it for another edit.
  base: number;
  sent: Uint8Array;
  /** Rebased onto the revision that we have. */
  operation: Op;
  isOnItsWay: boolean;
}

interface Rebuild<Content> {
  content: Content;
  revision: number;
  /** Of a snapshot that is not complete yet. */
  parts: Uint8Array[] | null;
}

/** Larger ones no server has; see docs/protocol.md. */
export const DOCUMENT_BYTES_MAX = 64 * 1024 * 1024;
/** A snapshot may hold more than the content alone. */
const SNAPSHOT_BYTES_MAX = 4 * DOCUMENT_BYTES_MAX;

/**
 * One document as one client has it: pure, without socket, clock or events.
 *
 * Invariant: `content` is the server's content at `revision`, then `inFlight`, then `unsent`. One edit is in flight at a
 * time; what is edited meanwhile, or offline, is composed into `unsent`, so that it never grows beyond the document.
 */
export class DocumentCore<Content, Op> {
  // Changes with every edit.
  private current: Content;
  private revisionNow = 0;
  private inFlight: InFlight<Op> | null = null;
  private unsent: Op | null = null;
  private lastSequence = 0;

  // Changes with every opening.
  private phase: 'away' | 'catchingUp' | 'live' = 'away';
  private generation: number | null = null;
  private openedGeneration = 0;
  private target = 0;
  private rebuild: Rebuild<Content> | null = null;
  /** Why pending work cannot be kept; it becomes a copy once the content is there anew. */
  private refusal: QuireError | null = null;
  private isPositionGood = true;

  constructor(
    private readonly type: DocumentType<Content, Op, unknown>,
    private readonly self: ClientId,
  ) {
    this.current = type.empty();
  }

  get content(): Content {
    return this.current;
  }

  get revision(): number {
    return this.revisionNow;
  }

  /** Whether it was ever complete. */
  get isLoaded(): boolean {
    return this.generation !== null;
  }

  get isLive(): boolean {
    return this.phase === 'live';
  }

  /** Whether the server has, durably, everything that was edited here. */
  get isSaved(): boolean {
    return this.inFlight === null && this.unsent === null;
  }

  /** From where the server should go on when the document is opened; null: from the beginning. */
  get position(): Position | null {
    if (this.generation === null || !this.isPositionGood || this.refusal !== null) return null;
    return { generation: this.generation, revision: this.revisionNow };
  }

  /** What is not saved yet, in the order in which it applies after `revision`. */
  get pending(): readonly Op[] {
    return [this.inFlight?.operation ?? null, this.unsent].filter((op): op is Op => op !== null);
  }

  /** Makes a local change; `op` is invertible. Throws document_too_large. */
  edit(op: Op): void {
    const edited = this.type.apply(this.current, op);
    if (this.type.size(edited) > Math.max(DOCUMENT_BYTES_MAX, this.type.size(this.current)))
      throw new QuireError('document_too_large');
    this.current = edited;
    this.setUnsent(this.unsent === null ? op : this.type.compose(this.unsent, op));
  }

  /** The edit to send now, if any. It counts as sent. */
  takeEdit(limits: OperationLimits): OutgoingEdit | null {
    if (this.phase !== 'live') return null;
    if (this.inFlight === null && this.unsent !== null) this.launch(this.unsent, limits);
    if (this.inFlight === null || this.inFlight.isOnItsWay) return null;
    this.inFlight.isOnItsWay = true;
    return { sequence: this.inFlight.sequence, base: this.inFlight.base, operation: this.inFlight.sent };
  }

  /** What was on its way may be lost: it will be sent again. */
  resend(): void {
    if (this.inFlight !== null) this.inFlight.isOnItsWay = false;
  }

  /** The connection ended, or the document is about to be opened again. */
  suspend(): void {
    this.phase = 'away';
    this.rebuild = null;
    this.resend();
  }

  /** The server cannot go on from `position`. */
  forgetPosition(): void {
    this.isPositionGood = false;
  }

  /** What the server sent does not fit: nothing here can be relied on. */
  distrust(cause: unknown): Effect<Content, Op>[] {
    this.suspend();
    return this.reload(new QuireError('malformed_operation', String(cause)));
  }

  onOpened(opened: Opened): Effect<Content, Op>[] {
    const isSame = this.generation === null || this.generation === opened.generation;
    const resumes = this.position !== null && isSame && opened.revision >= this.revisionNow;
    if (!isSame) this.refusal ??= new QuireError('generation_changed', 'the document was deleted and made anew');
    if (!resumes) this.startRebuild();
    this.openedGeneration = opened.generation;
    this.phase = 'catchingUp';
    this.target = opened.revision;
    this.lastSequence = opened.lastSequence;
    // What the server does not have is the next in its count, also if it has forgotten the former ones.
    if (this.inFlight !== null && this.inFlight.sequence > opened.lastSequence)
      this.inFlight.sequence = opened.lastSequence + 1;
    return this.finishCatchUp();
  }

  onSnapshotPart(part: SnapshotPart): Effect<Content, Op>[] {
    if (this.phase !== 'catchingUp') return [{ kind: 'reopen' }];
    const rebuild = this.rebuild ?? this.startRebuild();
    const parts = [...(rebuild.parts ?? []), part.content];
    const bytes = parts.reduce((total, each) => total + each.length, 0);
    if (bytes > SNAPSHOT_BYTES_MAX) return [{ kind: 'failed', error: new QuireError('document_too_large', 'a snapshot without end') }];
    rebuild.parts = parts;
    if (!part.isLast) return [];
    rebuild.content = this.type.readContent(joined(parts, bytes));
    rebuild.revision = part.revision;
    rebuild.parts = null;
    return this.finishCatchUp();
  }

  onEdits({ first, run }: Edits): Effect<Content, Op>[] {
    const known = this.rebuild?.revision ?? this.revisionNow;
    if (this.phase === 'away') return [];
    if (first > known + 1 || (this.rebuild?.parts ?? null) !== null) return [{ kind: 'reopen' }];
    const news = run.slice(known + 1 - first);
    const effects = this.rebuild !== null ? this.addToRebuild(this.rebuild, news) : news.flatMap((edit) => this.commit(edit));
    return [...effects, ...this.finishCatchUp()];
  }

  /** The server had that edit already. Where it is in the order, its run of edits tells. */
  onAck({ sequence, revision }: Ack): Effect<Content, Op>[] {
    if (this.inFlight?.sequence !== sequence || revision > this.revisionNow) return [];
    return this.reload(new QuireError('sequence_reused', 'an edit was acknowledged that the document does not show'));
  }

  onNack(nack: Nack): Effect<Content, Op>[] {
    const { inFlight } = this;
    if (inFlight === null || inFlight.sequence !== nack.sequence) return [];
    const error = errorOf(nack.code, nack.detail, nack.retry);
    if (error.code === 'document_not_open') return [{ kind: 'reopen' }];
    if (error.code === 'sequence_gap') inFlight.sequence = nack.expected;
    if (error.code === 'base_too_old' && inFlight.base !== this.revisionNow) {
      // Nothing was applied, so that it may take another form: the one that fits what we have by now.
      inFlight.base = this.revisionNow;
      inFlight.sent = this.type.encode(inFlight.operation);
      return [{ kind: 'resendLater', delay: 0 }];
    }
    switch (error.remedy) {
      case 'retry':
      case 'resend':
        return [{ kind: 'resendLater', delay: error.retry }];
      case 'reload':
        return this.reload(error);
      default:
        return [{ kind: 'failed', error }];
    }
  }

  private launch(unsent: Op, limits: OperationLimits): void {
    const [operation, rest] = this.type.split(unsent, limits);
    this.inFlight = {
      sequence: this.lastSequence + 1,
      base: this.revisionNow,
      sent: this.type.encode(operation),
      operation,
      isOnItsWay: false,
    };
    this.unsent = rest;
  }

  private setUnsent(op: Op): void {
    this.unsent = this.type.isNothing(op) ? null : op;
  }

  private commit(edit: CommittedEdit): Effect<Content, Op>[] {
    this.revisionNow += 1;
    const operation = this.type.decode(edit.operation);
    if (edit.client === this.self) this.lastSequence = Math.max(this.lastSequence, edit.sequence);
    if (edit.client !== this.self || this.inFlight?.sequence !== edit.sequence) return this.receive(operation, edit.client);
    const expected = this.inFlight.operation;
    this.inFlight = null;
    if (this.type.isSame(expected, operation)) return [];
    // Ours was rebased over a guess (see rebase.ts): what the server made of it is what counts.
    return this.receive(this.type.compose(this.type.invert(expected), operation), null);
  }

  /** Takes an operation of the server's next revision past what is pending here. */
  private receive(operation: Op, author: ClientId | null): Effect<Content, Op>[] {
    let incoming = operation;
    if (this.inFlight !== null) {
      const mine = this.inFlight.operation;
      this.inFlight.operation = this.type.transform(mine, incoming, 'left');
      incoming = this.type.transform(incoming, mine, 'right');
    }
    if (this.unsent !== null) {
      const mine = this.unsent;
      this.setUnsent(this.type.transform(mine, incoming, 'left'));
      incoming = this.type.transform(incoming, mine, 'right');
    }
    return this.show(incoming, author);
  }

  private show(operation: Op, author: ClientId | null): Effect<Content, Op>[] {
    if (this.type.isNothing(operation)) return [];
    const before = this.current;
    this.current = this.type.apply(before, operation);
    return [{ kind: 'change', before, operation, author }];
  }

  private startRebuild(): Rebuild<Content> {
    this.rebuild = { content: this.type.empty(), revision: 0, parts: null };
    return this.rebuild;
  }

  private addToRebuild(rebuild: Rebuild<Content>, news: readonly CommittedEdit[]): Effect<Content, Op>[] {
    for (const edit of news) {
      rebuild.content = this.type.apply(rebuild.content, this.type.decode(edit.operation));
      rebuild.revision += 1;
      if (edit.client === this.self) this.lastSequence = Math.max(this.lastSequence, edit.sequence);
    }
    return [];
  }

  private finishCatchUp(): Effect<Content, Op>[] {
    const { rebuild } = this;
    if (this.phase !== 'catchingUp') return [];
    if (rebuild !== null) {
      if (rebuild.parts !== null || rebuild.revision < this.target) return [];
      this.phase = 'live';
      this.rebuild = null;
      return this.adopt(rebuild);
    }
    if (this.revisionNow < this.target) return [];
    this.phase = 'live';
    if (this.inFlight !== null && this.inFlight.sequence <= this.lastSequence)
      return this.reload(new QuireError('sequence_reused', 'the server has an edit that the document does not show'));
    return [];
  }

  /** Goes on from a content that came whole. */
  private adopt({ content, revision }: Rebuild<Content>): Effect<Content, Op>[] {
    const { refusal } = this;
    this.refusal = null;
    this.generation = this.openedGeneration;
    this.isPositionGood = true;
    this.revisionNow = revision;
    const isInFlightSaved = this.inFlight !== null && this.inFlight.sequence <= this.lastSequence;
    if (isInFlightSaved) this.inFlight = null;
    const rebased = refusal === null ? rebaseOver(this.type, this.current, content, this.pending) : null;
    if (rebased === null) {
      const copies: Effect<Content, Op>[] = this.isSaved ? [] : [{ kind: 'copy', content: this.current, reason: refusal }];
      this.inFlight = null;
      this.unsent = null;
      return [...copies, ...this.show(this.type.difference(this.current, content), null)];
    }
    const operations = [...rebased.pending];
    if (this.inFlight !== null) this.inFlight.operation = operations.shift() as Op;
    if (this.unsent !== null) this.setUnsent(operations.shift() as Op);
    return this.show(rebased.incoming, null);
  }

  private reload(error: QuireError): Effect<Content, Op>[] {
    this.refusal = error;
    return [{ kind: 'reopen' }];
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
