import type { OperationLimits } from './document_type.js';
import { isHighSurrogate, lengthAfter, weightOf, type TextOp, type TextPart } from './text_operation.js';

/** UTF-8 needs at most three bytes for a UTF-16 unit. */
const BYTES_A_UNIT_MAX = 3;
/** What MessagePack needs at most around a part. */
const BYTES_A_PART_MAX = 16;

/** `op` as two in a row, of which the first is within the limits; null in place of a second if it is already. */
export function splitText(op: TextOp, limits: OperationLimits): readonly [first: TextOp, rest: TextOp | null] {
  if (op.length <= limits.partsMax && BYTES_A_UNIT_MAX * weightOf(op) <= limits.bytesMax) return [op, null];
  const first: TextPart[] = [];
  let bytesLeft = limits.bytesMax - BYTES_A_PART_MAX;
  for (const [index, part] of op.entries()) {
    const bytes = bytesOf(part);
    if (first.length < limits.partsMax && bytes <= bytesLeft) {
      first.push(part);
      bytesLeft -= bytes;
      continue;
    }
    const cut = cutPart(part, first.length < limits.partsMax ? bytesLeft : 0);
    if (cut.first !== '') first.push(cut.first);
    return [withoutEnd(first), restOf(first, [cut.rest, ...op.slice(index + 1)])];
  }
  return [op, null];
}

/** Deletes are sent as numbers. */
function bytesOf(part: TextPart): number {
  return BYTES_A_PART_MAX + (typeof part === 'string' ? BYTES_A_UNIT_MAX * part.length : 0);
}

function cutPart(part: TextPart, bytesLeft: number): { first: string; rest: TextPart } {
  let units = Math.floor((bytesLeft - BYTES_A_PART_MAX) / BYTES_A_UNIT_MAX);
  if (typeof part !== 'string' || units < 2) return { first: '', rest: part };
  if (isHighSurrogate(part.charCodeAt(units - 1))) --units;
  return { first: part.slice(0, units), rest: part.slice(units) };
}

/** The second operation applies to what the first has made: it begins where that ends. */
function restOf(first: readonly TextPart[], rest: readonly TextPart[]): TextOp {
  const skipped = first.reduce<number>((total, part) => total + lengthAfter(part), 0);
  const [next, ...others] = rest;
  if (typeof next === 'number') return [skipped + next, ...others];
  return skipped === 0 ? rest : [skipped, ...rest];
}

function withoutEnd(parts: readonly TextPart[]): TextOp {
  return typeof parts.at(-1) === 'number' ? parts.slice(0, -1) : parts;
}
