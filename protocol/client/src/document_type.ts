/** Which of two concurrent inserts at one place goes first: `left` does. */
export type Side = 'left' | 'right';

/**
 * What the client must know of a document type. Operations and contents are values: nothing here changes its arguments.
 *
 * Law: apply(apply(c, a), transform(b, a, 'right')) equals apply(apply(c, b), transform(a, b, 'left')).
 */
export interface DocumentType<Content, Op, Cursor> {
  /** As the server's registry has it. */
  readonly name: string;

  /** The content of a document at revision 0. */
  empty(): Content;
  /** The content that a snapshot's pieces, joined, have. Throws if they are not of this type. */
  readContent(bytes: Uint8Array): Content;
  /** About how many bytes the server counts for it, never more than it does. */
  size(content: Content): number;

  encode(op: Op): Uint8Array;
  /** Throws if `bytes` are not an operation of this type. */
  decode(bytes: Uint8Array): Op;

  /** Throws if `op` does not fit. */
  apply(content: Content, op: Op): Content;
  transform(op: Op, other: Op, side: Side): Op;
  /** Both in a row, as one. */
  compose(first: Op, second: Op): Op;
  /** The same operation with all that `invert` needs; `content` is what it applies to. */
  invertible(op: Op, content: Content): Op;
  /** What takes `op` back. */
  invert(op: Op): Op;
  isNothing(op: Op): boolean;
  /** Whether both change the same, however much each keeps for `invert`. */
  isSame(a: Op, b: Op): boolean;
  /** How much an operation holds, in bytes, about. */
  weight(op: Op): number;
  /** `op` as two in a row, of which the first is within the limits; null in place of a second if it is already. */
  split(op: Op, limits: OperationLimits): readonly [first: Op, rest: Op | null];
  /** An invertible operation that makes `to` out of `from`. */
  difference(from: Content, to: Content): Op;
  /** Whether two operations on one content touch the same part of it, so that rebasing would lose a meaning. */
  overlap(a: Op, b: Op): boolean;

  encodeCursor(cursor: Cursor): Uint8Array;
  decodeCursor(bytes: Uint8Array): Cursor;
  /** Where a cursor is after `op`. After its owner's own operation it is at the end of the change. */
  moveCursor(cursor: Cursor, op: Op, isOwn: boolean): Cursor;
}

/** What the server takes as one operation. */
export interface OperationLimits {
  readonly bytesMax: number;
  readonly partsMax: number;
}
