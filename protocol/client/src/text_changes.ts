import {
  codePoints,
  isHighSurrogate,
  isLowSurrogate,
  isPairAt,
  lengthBefore,
  TextOpBuilder,
  type TextOp,
} from './text_operation.js';

/** A replaced stretch of a text, in UTF-16 units as JavaScript counts them. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/**
 * The operation of some changes, all in the text as it was before the first of them.
 * They are in order and do not overlap. Throws a RangeError where they are not, or where one cuts a code point in two.
 */
export function operationOf(content: string, changes: readonly TextChange[]): TextOp {
  const builder = new TextOpBuilder();
  let at = 0;
  for (const { from, to, insert } of changes) {
    if (from < at || to < from || to > content.length) throw new RangeError(`no stretch from ${from} to ${to} here`);
    if (cutsPair(content, from) || cutsPair(content, to)) throw new RangeError('a change cuts a code point in two');
    if (!isWellFormed(insert)) throw new RangeError('an inserted text has a lone surrogate');
    builder.skip(codePoints(content, at, from));
    builder.insert(insert);
    builder.delete(content.slice(from, to));
    at = to;
  }
  return builder.finish();
}

/** What an operation replaces in a text, in order, all in the text as it was before. */
export function changesOf(content: string, op: TextOp): TextChange[] {
  const changes: TextChange[] = [];
  let at = 0;
  for (const part of op) {
    const from = at;
    if (typeof part !== 'string') at = unitsAfter(content, at, lengthBefore(part));
    if (typeof part === 'number') continue;
    const last = changes.at(-1);
    const insert = typeof part === 'string' ? part : '';
    if (last?.to === from) changes[changes.length - 1] = { from: last.from, to: at, insert: last.insert + insert };
    else changes.push({ from, to: at, insert });
  }
  return changes;
}

/** The offset in UTF-16 units of a position in code points; past the end it is the end. */
export function offsetOf(content: string, position: number): number {
  return unitsAfter(content, 0, position);
}

/** The position in code points of an offset in UTF-16 units; past the end it is the end. */
export function positionOf(content: string, offset: number): number {
  return codePoints(content, 0, Math.min(offset, content.length));
}

/** Whether a text has no lone surrogates. */
export function isWellFormed(text: string): boolean {
  for (let at = 0; at < text.length; ++at) {
    const unit = text.charCodeAt(at);
    if (isLowSurrogate(unit)) return false;
    if (isHighSurrogate(unit) && !isLowSurrogate(text.charCodeAt(++at))) return false;
  }
  return true;
}

/** The text with U+FFFD in the place of each lone surrogate. */
export function toWellFormed(text: string): string {
  return isWellFormed(text) ? text : new TextDecoder().decode(new TextEncoder().encode(text));
}

function cutsPair(content: string, offset: number): boolean {
  return offset > 0 && isPairAt(content, offset - 1);
}

function unitsAfter(content: string, start: number, count: number): number {
  let at = start;
  for (let left = count; left > 0 && at < content.length; --left) at += isPairAt(content, at) ? 2 : 1;
  return at;
}
