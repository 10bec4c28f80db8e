import type { DocumentType } from './document_type.js';

/** Pending work on a new content, and what leads from the content shown before to the one with that work on it. */
export interface Rebased<Op> {
  readonly pending: readonly Op[];
  readonly incoming: Op;
}

/**
 * Rebases `pending`, which `shown` has on top of what the server had, over a content that came without its operations.
 * They are guessed from the difference of the contents. Null where the guess and the work touch the same place: there
 * the meaning could be lost.
 */
export function rebaseOver<Content, Op>(
  type: DocumentType<Content, Op, unknown>,
  shown: Content,
  content: Content,
  pending: readonly Op[],
): Rebased<Op> | null {
  const former = pending.reduceRight((at, op) => type.apply(at, type.invert(op)), shown);
  let incoming = type.difference(former, content);
  const rebased: Op[] = [];
  for (const op of pending) {
    if (type.overlap(op, incoming)) return null;
    rebased.push(type.transform(op, incoming, 'left'));
    incoming = type.transform(incoming, op, 'right');
  }
  return { pending: rebased, incoming };
}
