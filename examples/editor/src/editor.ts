import type { TextDocument } from '@quire/client';
import { defaultKeymap } from '@codemirror/commands';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';

import { changesTo, editsTo, selectionOf } from './binding.js';
import type { Identity } from './identity.js';
import { normalised } from './normalise.js';
import { remoteCursors, showPeers } from './remote_cursors.js';

/** The editor of one document. */
export interface Editor {
  /** Shows others another name and colour. */
  setIdentity(identity: Identity): void;
  /** Goes on where one was typing. */
  focus(): void;
  /** The text can be read and copied, not edited any more. */
  freeze(): void;
}

/** Shows a document in `place`, to be edited together with others. */
export function createEditor(place: HTMLElement, document: TextDocument, identity: Identity): Editor {
  let self = identity;
  const editable = new Compartment();
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: document.text,
      extensions: [
        normalised(),
        editsTo(document),
        appearance(),
        remoteCursors(),
        editable.of([]),
        EditorView.updateListener.of(({ docChanged, selectionSet }) => {
          if (docChanged || selectionSet) tell();
        }),
        keymap.of(defaultKeymap),
      ],
    }),
  });
  const tell = () => document.setPresence({ selection: selectionOf(view), state: { ...self } });
  changesTo(view, document);
  document.on('presence', (peers) => showPeers(view, peers));
  showPeers(view, document.peers);
  tell();
  view.focus();
  return {
    setIdentity: (chosen) => {
      self = chosen;
      tell();
    },
    focus: () => view.focus(),
    freeze: () => view.dispatch({ effects: editable.reconfigure(EditorState.readOnly.of(true)) }),
  };
}

function appearance(): Extension {
  return [
    drawSelection(),
    EditorView.lineWrapping,
    placeholder('Start writing…'),
    EditorView.contentAttributes.of({
      'aria-label': 'Document text',
      spellcheck: 'true',
      autocorrect: 'on',
      autocapitalize: 'sentences',
    }),
  ];
}
