import { entryOf, linkTo } from './document_entry.js';
import { showDocuments } from './document_list.js';
import { typeOf } from './documents.js';
import { fromTemplate, part } from './dom.js';
import { EDITORS, editorsFor, isEditorName, type EditorName } from './editors.js';
import { addressOf } from './place.js';
import { noteOpened, recentDocuments, type Recent } from './recent.js';

/** What an editor is for. */
const HINTS: Readonly<Record<EditorName, string>> = {
  text: 'Plain text, with Quire’s own editor and its history.',
  tiptap: 'Rich text: headings, lists and emphasis, with Tiptap on Yjs.',
  codemirror: 'Plain text, with CodeMirror on Yjs.',
};

/** The page at `/`: open a document by name, one of the recent ones, or any that the engine has. */
export function showStart(body: HTMLElement): void {
  body.append(fromTemplate('start-page'));
  const form = part<HTMLFormElement>(body, 'open');
  const hint = () => (part(body, 'choice-hint').textContent = HINTS[chosenIn(form)]);
  form.addEventListener('change', hint);
  hint();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = String(new FormData(form).get('name')).trim();
    if (name !== '') void openNamed(part(body, 'open-notice'), name, chosenIn(form));
  });
  part(body, 'blank').addEventListener('click', () => go(blankName(), chosenIn(form)));
  const recent = recentDocuments();
  part(body, 'recent').hidden = recent.length === 0;
  part(body, 'recent-list').append(...recent.map(entryFor));
  showDocuments(body, recent);
}

/** Opens a document; one of another type than the editor's is offered in those that can. */
async function openNamed(notice: HTMLElement, name: string, editor: EditorName): Promise<void> {
  notice.hidden = true;
  const type = await typeOf(name);
  if (type === null || type === EDITORS[editor].type) return go(name, editor);
  const links = editorsFor(type).flatMap((other) => [' ', linkTo(name, other, `Open it in ${EDITORS[other].label}`)]);
  notice.replaceChildren(`“${name}” is there already, a document of type ${type}.`, ...links);
  notice.hidden = false;
}

function go(name: string, editor: EditorName): void {
  if (editor !== 'text') noteOpened(name, editor); // Quire's own notes what it could open.
  location.assign(addressOf(name, editor));
}

function chosenIn(form: HTMLFormElement): EditorName {
  const chosen = new FormData(form).get('editor');
  return isEditorName(chosen) ? chosen : 'text';
}

/** A name that nobody has. */
function blankName(): string {
  const random = crypto.getRandomValues(new Uint8Array(6));
  return `page-${Array.from(random, (octet) => (octet % 36).toString(36)).join('')}`;
}

function entryFor({ name, editor, openedAt }: Recent): HTMLElement {
  return entryOf({ name, about: EDITORS[editor].label, at: openedAt, editors: [editor] });
}
