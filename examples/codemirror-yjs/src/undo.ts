import type { UndoManager } from 'yjs';

import { part } from './page.js';

/** Lets the page's buttons undo and redo, as long as there is something to. */
export function undoButtons(manager: UndoManager): void {
  const undo = part<HTMLButtonElement>('undo');
  const redo = part<HTMLButtonElement>('redo');
  undo.addEventListener('click', () => manager.undo());
  redo.addEventListener('click', () => manager.redo());
  const show = () => {
    undo.disabled = !manager.canUndo();
    redo.disabled = !manager.canRedo();
  };
  manager.on('stack-item-added', show);
  manager.on('stack-item-popped', show);
  manager.on('stack-cleared', show);
  show();
}
