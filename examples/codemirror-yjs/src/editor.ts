import { defaultKeymap } from '@codemirror/commands';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

/** The editor of one text. */
export interface Editor {
  /** The text can be read and copied, not edited any more. */
  freeze(): void;
}

/** Plain text in `place`, written together with whoever has the text's document open. */
export function createEditor(place: HTMLElement, text: Y.Text, awareness: Awareness, undoManager: Y.UndoManager): Editor {
  const editable = new Compartment();
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: text.toString(),
      extensions: [
        yCollab(text, awareness, { undoManager }),
        keymap.of([...yUndoManagerKeymap, ...defaultKeymap]),
        editable.of([]),
        appearance(),
      ],
    }),
  });
  view.focus();
  return { freeze: () => view.dispatch({ effects: editable.reconfigure(EditorState.readOnly.of(true)) }) };
}

function appearance(): Extension {
  return [
    lineNumbers(),
    drawSelection(),
    EditorView.lineWrapping,
    placeholder('Start writing…'),
    EditorView.contentAttributes.of({ 'aria-label': 'Document text' }),
  ];
}
