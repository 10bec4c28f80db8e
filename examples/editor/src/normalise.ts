import { toWellFormed } from '@quire/client';
import { EditorState, type ChangeSpec, type Extension, type Text, type Transaction } from '@codemirror/state';

import { isFromDocument } from './binding.js';

/**
 * Keeps the person's own edits to what a document can hold: lines end with a line feed, no surrogate stands alone, and
 * no edit cuts a code point in two. What the document itself brings is left as it is.
 */
export function normalised(): Extension {
  return [
    // Only a line feed ends a line here, so that a document's carriage returns keep their place and count.
    EditorState.lineSeparator.of('\n'),
    EditorState.transactionFilter.of((transaction) => (isClean(transaction) ? transaction : cleaned(transaction))),
  ];
}

function isClean(transaction: Transaction): boolean {
  if (!transaction.docChanged || isFromDocument(transaction)) return true;
  const { doc } = transaction.startState;
  let isFine = true;
  transaction.changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    const text = inserted.toString();
    isFine &&= text === cleanText(text) && !cutsPair(doc, from) && !cutsPair(doc, to);
  });
  return isFine;
}

function cleaned(transaction: Transaction) {
  const { doc } = transaction.startState;
  const changes: ChangeSpec[] = [];
  transaction.changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    changes.push({
      from: cutsPair(doc, from) ? from - 1 : from,
      to: cutsPair(doc, to) ? to + 1 : to,
      insert: cleanText(inserted.toString()),
    });
  });
  const set = transaction.startState.changes(changes);
  const end = set.mapPos(transaction.startState.selection.main.head, 1);
  return { changes: set, selection: { anchor: end }, scrollIntoView: transaction.scrollIntoView };
}

/** The text with one kind of line end and no lone surrogates. */
export function cleanText(text: string): string {
  return toWellFormed(text.replace(/\r\n?/g, '\n'));
}

function cutsPair(doc: Text, offset: number): boolean {
  if (offset === 0 || offset >= doc.length) return false;
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(doc.sliceString(offset - 1, offset + 1));
}
