import { HocuspocusProvider } from '@hocuspocus/provider';
import * as Y from 'yjs';

import { createEditor } from './editor.js';
import { me } from './me.js';
import { nameField, part, showEnd, showName, showPeople, showState } from './page.js';
import { documentName, engineAddress } from './place.js';
import { toolbarFor } from './toolbar.js';

/** The code that the provider gives when the engine closes the document, not the connection: it was deleted, say. */
const DOCUMENT_CLOSED = 1000;

const name = documentName();
const person = me();

// This is all that it takes: the document, and where the engine is.
const provider = new HocuspocusProvider({ url: `${engineAddress()}/hocuspocus`, name, document: new Y.Doc() });
const editor = createEditor(part('text'), provider, person);

// The rest is what the page shows.
showName(name);
toolbarFor(editor);
nameField(person, (renamed) => editor.commands.updateUser({ ...renamed }));
if (provider.awareness !== null) showPeople(provider.awareness);

let wasSynced = false;
let isClosed = false;
const refresh = () => {
  wasSynced ||= provider.isSynced;
  if (isClosed) return;
  if (provider.isSynced) showState(provider.hasUnsyncedChanges ? 'saving' : 'saved');
  else showState(wasSynced ? 'offline' : 'connecting');
};
for (const event of ['status', 'synced', 'unsyncedChanges', 'close']) provider.on(event, refresh);
refresh();

const end = (reason: string) => {
  isClosed = true;
  provider.disconnect();
  editor.setEditable(false);
  showEnd(reason);
};
provider.on('authenticationFailed', ({ reason }: { reason: string }) => end(reason));
provider.on('close', ({ event }: { event: { code: number; reason: string } }) => {
  if (event.code === DOCUMENT_CLOSED && event.reason !== '') end(event.reason);
});
window.addEventListener('beforeunload', (event) => {
  if (provider.hasUnsyncedChanges) event.preventDefault();
});
