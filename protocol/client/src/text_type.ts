import { decode, encode } from '@msgpack/msgpack';
import { type as otText } from 'ot-text-unicode';

import type { DocumentType, Side } from './document_type.js';
import { textDifference } from './text_difference.js';
import { changesOverlap, endOfChange, isSamePart, weightOf, type TextOp } from './text_operation.js';
import { splitText } from './text_split.js';

/** A selection in code points: where it began, and where it ends, which is where the cursor blinks. */
export interface TextSelection {
  readonly anchor: number;
  readonly head: number;
}

/** The whole of ot-text-unicode: its declarations leave out what its index does export. */
interface OtText {
  checkOp(op: TextOp): void;
  apply(content: string, op: TextOp): string;
  transform(op: TextOp, other: TextOp, side: Side): TextOp;
  compose(first: TextOp, second: TextOp): TextOp;
  transformPosition(position: number, op: TextOp): number;
  makeInvertible(op: TextOp, content: string): TextOp;
  stripInvertible(op: TextOp): TextOp;
  invert(op: TextOp): TextOp;
}

const ot = otText as unknown as OtText;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Plain text: the type `text`. */
export const textType: DocumentType<string, TextOp, TextSelection> = {
  name: 'text',

  empty: () => '',
  readContent: (bytes) => utf8.decode(bytes),
  size: (content) => content.length,

  encode: (op) => encode(ot.stripInvertible(op)),
  decode: (bytes) => {
    const op = decode(bytes);
    ot.checkOp(op as TextOp);
    return op as TextOp;
  },

  apply: (content, op) => ot.apply(content, op),
  transform: (op, other, side) => ot.transform(op, other, side),
  compose: (first, second) => ot.compose(first, second),
  invertible: (op, content) => ot.makeInvertible(op, content),
  invert: (op) => ot.invert(op),
  isNothing: (op) => op.length === 0,
  isSame: (a, b) => a.length === b.length && a.every((part, index) => isSamePart(part, b[index])),
  weight: weightOf,
  split: splitText,
  difference: textDifference,
  overlap: changesOverlap,

  encodeCursor: ({ anchor, head }) => encode([anchor, head]),
  decodeCursor: (bytes) => {
    const pair = decode(bytes);
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((end) => Number.isSafeInteger(end) && end >= 0))
      throw new TypeError('not a cursor');
    return { anchor: pair[0] as number, head: pair[1] as number };
  },
  moveCursor: (cursor, op, isOwn) => {
    if (op.length === 0) return cursor;
    if (isOwn) {
      const end = endOfChange(op);
      return { anchor: end, head: end };
    }
    return {
      anchor: ot.transformPosition(cursor.anchor, op),
      head: ot.transformPosition(cursor.head, op),
    };
  },
};
