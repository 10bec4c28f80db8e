/** A part of a text operation: skip so many code points, insert a text, or delete code points (with their text: invertible). */
export type TextPart = number | string | { readonly d: number | string };

/** An operation as npm's ot-text-unicode has it, in normal form: no empty part, no neighbours of one kind, no skip at the end. */
export type TextOp = readonly TextPart[];

/** How many code points a text has. It holds no lone surrogates. */
export function codePoints(text: string, from = 0, to = text.length): number {
  let count = 0;
  for (let at = from; at < to; at += isPairAt(text, at) ? 2 : 1) ++count;
  return count;
}

/** Whether a code point of two UTF-16 units begins at `at`. */
export function isPairAt(text: string, at: number): boolean {
  return isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1));
}

export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** How many code points a part takes from the text before. */
export function lengthBefore(part: TextPart): number {
  if (typeof part === 'number') return part;
  if (typeof part === 'string') return 0;
  return typeof part.d === 'number' ? part.d : codePoints(part.d);
}

/** How many code points a part has in the text after. */
export function lengthAfter(part: TextPart): number {
  if (typeof part === 'number') return part;
  return typeof part === 'string' ? codePoints(part) : 0;
}

/** Puts parts together in normal form. */
export class TextOpBuilder {
  private readonly parts: TextPart[] = [];

  skip(count: number): void {
    const last = this.parts.at(-1);
    if (count === 0) return;
    if (typeof last === 'number') this.parts[this.parts.length - 1] = last + count;
    else this.parts.push(count);
  }

  insert(text: string): void {
    const last = this.parts.at(-1);
    if (text === '') return;
    if (typeof last === 'string') this.parts[this.parts.length - 1] = last + text;
    else this.parts.push(text);
  }

  delete(text: string): void {
    const last = this.parts.at(-1);
    if (text === '') return;
    if (typeof last === 'object') this.parts[this.parts.length - 1] = { d: String(last.d) + text };
    else this.parts.push({ d: text });
  }

  finish(): TextOp {
    if (typeof this.parts.at(-1) === 'number') this.parts.pop();
    return this.parts;
  }
}

/** Whether two parts change the same, however each names what it deletes. */
export function isSamePart(a: TextPart, b: TextPart | undefined): boolean {
  if (typeof a === 'object' && typeof b === 'object') return lengthBefore(a) === lengthBefore(b);
  return a === b;
}

/** Where an editor leaves its cursor after making `op`: at the end of its last change. */
export function endOfChange(op: TextOp): number {
  return op.reduce<number>((at, part) => at + lengthAfter(part), 0);
}

/** About how many bytes an operation holds. */
export function weightOf(op: TextOp): number {
  return op.reduce<number>((total, part) => total + 16 + textOf(part).length, 0);
}

function textOf(part: TextPart): string {
  if (typeof part === 'string') return part;
  return typeof part === 'object' && typeof part.d === 'string' ? part.d : '';
}

/** Whether two operations on one text touch the same stretch of it. Inserts at one place do not. */
export function changesOverlap(a: TextOp, b: TextOp): boolean {
  const others = stretches(b);
  return stretches(a).some((mine) => others.some((other) => mine.from < other.to && other.from < mine.to));
}

function stretches(op: TextOp): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let at = 0;
  for (const part of op) {
    if (typeof part !== 'number') found.push({ from: at, to: at + lengthBefore(part) });
    at += lengthBefore(part);
  }
  return found;
}
