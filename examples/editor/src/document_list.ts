import { entryOf } from './document_entry.js';
import { listDocuments, type Listed } from './documents.js';
import { part } from './dom.js';
import { editorsFor, type EditorName } from './editors.js';
import type { Recent } from './recent.js';

/** Shows the documents that the engine has, some at a time. `recent`: how they were opened here. */
export function showDocuments(page: HTMLElement, recent: readonly Recent[]): void {
  const list = part(page, 'all-list');
  const more = part<HTMLButtonElement>(page, 'all-more');
  const notice = part(page, 'all-notice');
  let after: string | null = null;
  const load = async () => {
    more.disabled = true;
    const before = list.childElementCount;
    try {
      const { documents, next } = await listDocuments(after);
      after = next;
      list.append(...documents.map((document) => entryFor(document, recent)));
      more.hidden = next === null;
      more.textContent = 'Show more';
      notice.textContent = '';
      part(page, 'all').hidden = list.childElementCount === 0;
    } catch {
      more.hidden = false;
      more.textContent = 'Try again';
      notice.textContent = 'The documents cannot be listed now.';
      part(page, 'all').hidden = false;
    }
    more.disabled = false;
    // Whoever asked for more by keyboard goes on at what came.
    if (more.hidden && before > 0) list.children[before]?.querySelector('a')?.focus();
  };
  more.addEventListener('click', () => void load());
  void load();
}

function entryFor({ name, type, modified }: Listed, recent: readonly Recent[]): HTMLElement {
  const last = recent.find((one) => one.name === name)?.editor;
  const isLast = (editor: EditorName) => editor === last;
  const fitting = editorsFor(type);
  const editors = [...fitting.filter(isLast), ...fitting.filter((editor) => !isLast(editor))];
  return entryOf({ name, about: type, at: Date.parse(modified), editors });
}
