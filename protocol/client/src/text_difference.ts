import { codePoints, isLowSurrogate, TextOpBuilder, type TextOp } from './text_operation.js';

/** Beyond so many pairs of lines the texts count as different from the first difference to the last. */
const COMPARISONS_MAX = 4_000_000;

interface Stretch {
  readonly removed: string;
  readonly added: string;
  /** What stands unchanged before it. */
  readonly kept: string;
}

/** An invertible operation that makes `to` out of `from`: equal beginnings and ends stay, and equal lines between them. */
export function textDifference(from: string, to: string): TextOp {
  const builder = new TextOpBuilder();
  for (const { kept, removed, added } of stretchesOf(from, to)) {
    builder.skip(codePoints(kept));
    // In this order, what somebody else has inserted at the end of the removed stretch comes after the added one.
    builder.insert(added);
    builder.delete(removed);
  }
  return builder.finish();
}

function stretchesOf(from: string, to: string): Stretch[] {
  const start = sharedStart(from, to);
  const end = sharedEnd(from, to, start);
  const removed = from.slice(start, from.length - end);
  const added = to.slice(start, to.length - end);
  const kept = from.slice(0, start);
  if (removed === '' || added === '') return [{ kept, removed, added }];
  const lines = lineStretches(linesOf(removed), linesOf(added));
  const [first, ...others] = lines;
  if (first === undefined) return [{ kept, removed, added }];
  return [{ ...first, kept: kept + first.kept }, ...others];
}

function sharedStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) ++length;
  // Never between the two halves of one code point.
  const splits = isLowSurrogate(a.charCodeAt(length)) || isLowSurrogate(b.charCodeAt(length));
  return length > 0 && splits ? length - 1 : length;
}

function sharedEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let length = 0;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) ++length;
  return length > 0 && isLowSurrogate(a.charCodeAt(a.length - length)) ? length - 1 : length;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What differs between shared lines. None if there are too many lines to compare. */
function lineStretches(from: readonly string[], to: readonly string[]): Stretch[] {
  if (from.length * to.length > COMPARISONS_MAX) return [];
  const stretches: Stretch[] = [];
  let kept = '';
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of [...sharedLines(from, to), [from.length, to.length] as const]) {
    if (nextX > x || nextY > y) {
      stretches.push({ kept, removed: from.slice(x, nextX).join(''), added: to.slice(y, nextY).join('') });
      kept = '';
    }
    kept += from[nextX] ?? '';
    [x, y] = [nextX + 1, nextY + 1];
  }
  return stretches;
}

/** The indexes of a longest run of lines that both have in the same order. */
function sharedLines(from: readonly string[], to: readonly string[]): (readonly [x: number, y: number])[] {
  // longest[x * width + y]: how many lines from[x...] and to[y...] share.
  const width = to.length + 1;
  const longest = new Uint32Array((from.length + 1) * width);
  const at = (x: number, y: number) => longest[x * width + y] as number;
  for (let x = from.length - 1; x >= 0; --x)
    for (let y = to.length - 1; y >= 0; --y)
      longest[x * width + y] = from[x] === to[y] ? at(x + 1, y + 1) + 1 : Math.max(at(x + 1, y), at(x, y + 1));
  const pairs: (readonly [number, number])[] = [];
  for (let [x, y] = [0, 0]; x < from.length && y < to.length; ) {
    if (from[x] === to[y]) pairs.push([x++, y++]);
    else if (at(x + 1, y) >= at(x, y + 1)) ++x;
    else ++y;
  }
  return pairs;
}
