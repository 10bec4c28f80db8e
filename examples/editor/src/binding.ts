import type { Selection, TextChange, TextDocument } from '@quire/client';
import { Annotation, type Extension, type Transaction } from '@codemirror/state';
import { EditorView, keymap, type ViewUpdate } from '@codemirror/view';

const fromDocument = Annotation.define<boolean>();

/** Whether a transaction brings what the document says, in place of an edit of the person here. */
export function isFromDocument(transaction: Transaction): boolean {
  return transaction.annotation(fromDocument) === true;
}

/** The person's edits go to the document; its undo history takes the place of the editor's. */
export function editsTo(document: TextDocument): Extension {
  return [
    EditorView.updateListener.of((update) => forward(document, update)),
    keymap.of([
      { key: 'Mod-z', run: () => document.undo() || true, preventDefault: true },
      { key: 'Mod-y', mac: 'Mod-Shift-z', run: () => document.redo() || true, preventDefault: true },
      { linux: 'Ctrl-Shift-z', win: 'Ctrl-Shift-z', run: () => document.redo() || true, preventDefault: true },
    ]),
    EditorView.domEventHandlers({
      beforeinput: ({ inputType }) => {
        if (inputType === 'historyUndo') return document.undo() || true;
        return inputType === 'historyRedo' && (document.redo() || true);
      },
    }),
  ];
}

/** The document's changes go to the editor, until the function returned is called. */
export function changesTo(view: EditorView, document: TextDocument): () => void {
  return document.on('change', ({ changes, origin }) => {
    if (origin === 'local') return;
    const isOwn = origin === 'undo' || origin === 'redo';
    view.dispatch({
      changes: [...changes],
      annotations: fromDocument.of(true),
      ...(isOwn ? { selection: { anchor: endOf(changes) }, scrollIntoView: true } : {}),
    });
  });
}

/** What is selected in the editor, in the document's offsets. */
export function selectionOf(view: EditorView): Selection {
  const { anchor, head } = view.state.selection.main;
  return { anchor, head };
}

function forward(document: TextDocument, { transactions }: ViewUpdate): void {
  for (const transaction of transactions) {
    if (!transaction.docChanged || isFromDocument(transaction)) continue;
    const changes: TextChange[] = [];
    transaction.changes.iterChanges((from, to, _fromB, _toB, inserted) => {
      changes.push({ from, to, insert: inserted.toString() });
    });
    document.change(changes);
  }
}

/** Where the last of some changes ends, in the text after all of them. */
function endOf(changes: readonly TextChange[]): number {
  const shift = changes.reduce((total, { from, to, insert }) => total + insert.length - (to - from), 0);
  return (changes.at(-1)?.to ?? 0) + shift;
}
