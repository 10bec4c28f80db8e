import type { Part, Version } from './history_source.js';

/** A stretch of text: as it was before the edit, or what that inserted or erased. */
export interface Stretch {
  readonly kind: 'kept' | 'inserted' | 'erased';
  readonly text: string;
}

/** A version's text with what its edit changed in it. */
export function stretchesOf({ text, before, edit }: Version): Stretch[] {
  const found: Stretch[] = [];
  const add = (kind: Stretch['kind'], what: string) => what !== '' && found.push({ kind, text: what });
  let at = 0;
  let atBefore = 0;
  for (const part of edit?.operation ?? []) {
    if (typeof part === 'number') {
      const end = past(text, at, part);
      add('kept', text.slice(at, end));
      atBefore += end - at;
      at = end;
    } else if (typeof part === 'string') {
      add('inserted', part);
      at += part.length;
    } else {
      const erased = erasedBy(part, before ?? '', atBefore);
      add('erased', erased);
      atBefore += erased.length;
    }
  }
  add('kept', text.slice(at));
  return found;
}

function erasedBy({ d }: Exclude<Part, number | string>, before: string, at: number): string {
  return typeof d === 'string' ? d : before.slice(at, past(before, at, d));
}

/** The offset that many code points after another. */
function past(text: string, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0 && at < text.length; --left) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}
