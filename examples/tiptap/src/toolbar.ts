import type { ChainedCommands, Editor } from '@tiptap/core';

import { part } from './page.js';

interface Tool {
  readonly act: (chain: ChainedCommands) => ChainedCommands;
  /** What is pressed where the cursor is in such a text. */
  readonly isOn?: (editor: Editor) => boolean;
  readonly can?: (editor: Editor) => boolean;
}

/** By the `data-part` of their buttons. */
const TOOLS: Readonly<Record<string, Tool>> = {
  bold: { act: (chain) => chain.toggleBold(), isOn: (editor) => editor.isActive('bold') },
  italic: { act: (chain) => chain.toggleItalic(), isOn: (editor) => editor.isActive('italic') },
  'heading-1': {
    act: (chain) => chain.toggleHeading({ level: 1 }),
    isOn: (editor) => editor.isActive('heading', { level: 1 }),
  },
  'heading-2': {
    act: (chain) => chain.toggleHeading({ level: 2 }),
    isOn: (editor) => editor.isActive('heading', { level: 2 }),
  },
  'bullet-list': { act: (chain) => chain.toggleBulletList(), isOn: (editor) => editor.isActive('bulletList') },
  'ordered-list': { act: (chain) => chain.toggleOrderedList(), isOn: (editor) => editor.isActive('orderedList') },
  quote: { act: (chain) => chain.toggleBlockquote(), isOn: (editor) => editor.isActive('blockquote') },
  undo: { act: (chain) => chain.undo(), can: (editor) => editor.can().undo() },
  redo: { act: (chain) => chain.redo(), can: (editor) => editor.can().redo() },
};

/** Lets the page's buttons act on the editor, and show what is so where the cursor is. */
export function toolbarFor(editor: Editor): void {
  const tools = Object.entries(TOOLS).map(([name, tool]) => ({ button: part<HTMLButtonElement>(name), ...tool }));
  for (const { button, act } of tools) {
    // The text keeps the focus: what is typed right after a click is for it.
    button.addEventListener('mousedown', (event) => event.preventDefault());
    button.addEventListener('click', () => act(editor.chain().focus()).run());
  }
  const show = () => {
    for (const { button, isOn, can } of tools) {
      if (isOn !== undefined) button.setAttribute('aria-pressed', String(isOn(editor)));
      button.disabled = !editor.isEditable || (can !== undefined && !can(editor));
    }
  };
  editor.on('transaction', show);
  editor.on('update', show);
  show();
}
