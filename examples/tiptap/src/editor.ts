import type { HocuspocusProvider } from '@hocuspocus/provider';
import { Editor } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
import { Placeholder } from '@tiptap/extensions';
import { StarterKit } from '@tiptap/starter-kit';

import { personOf, type Person } from './me.js';

/** Rich text in `place`, written together with whoever has the provider's document open. */
export function createEditor(place: HTMLElement, provider: HocuspocusProvider, user: Person): Editor {
  return new Editor({
    element: place,
    autofocus: true,
    extensions: [
      // Collaboration has an undo of its own, which leaves what others did.
      StarterKit.configure({ undoRedo: false }),
      Collaboration.configure({ document: provider.document }),
      CollaborationCaret.configure({ provider, user, render: caretOf, selectionRender: selectionOf }),
      Placeholder.configure({ placeholder: 'Start writing…' }),
    ],
    editorProps: { attributes: { 'aria-label': 'Document text', role: 'textbox', 'aria-multiline': 'true' } },
  });
}

/** Somebody's cursor, with the name on a flag. */
function caretOf(user: unknown): HTMLElement {
  const caret = document.createElement('span');
  const person = personOf(user);
  if (person === null) return caret;
  caret.className = 'caret';
  caret.setAttribute('aria-hidden', 'true');
  caret.style.setProperty('--colour', person.color);
  const flag = document.createElement('span');
  flag.className = 'caret-flag';
  flag.textContent = person.name;
  caret.append(flag);
  return caret;
}

function selectionOf(user: unknown): { class?: string; style?: string } {
  const person = personOf(user);
  return person === null ? {} : { class: 'selected-by', style: `background-color: ${person.colorLight}` };
}
