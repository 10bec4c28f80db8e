import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

import { createEditor } from './editor.js';
import { me } from './me.js';
import { nameField, part, showEnd, showName, showPeople, showState } from './page.js';
import { documentName, engineAddress } from './place.js';
import { undoButtons } from './undo.js';

const name = documentName();
const person = me();

// This is all that it takes: the document, and where the engine is. The provider puts the name into the address as it is.
const shared = new Y.Doc();
const text = shared.getText('codemirror');
const provider = new WebsocketProvider(`${engineAddress()}/yjs`, encodeURIComponent(name), shared);
provider.awareness.setLocalState({ user: person });
const undoManager = new Y.UndoManager(text);
const editor = createEditor(part('text'), text, provider.awareness, undoManager);

// The rest is what the page shows.
showName(name);
undoButtons(undoManager);
showPeople(provider.awareness);
// A new state without a cursor: others draw it anew, under the new name, once one is back in the text.
nameField(person, (renamed) => provider.awareness.setLocalState({ user: renamed }));

let wasSynced = false;
let isClosed = false;
let hasUnsent = false;
const refresh = () => {
  wasSynced ||= provider.synced;
  if (provider.synced) hasUnsent = false;
  if (isClosed) return;
  if (provider.synced) showState('connected');
  else showState(wasSynced ? 'offline' : 'connecting');
};
provider.on('status', refresh);
provider.on('sync', refresh);
refresh();

provider.on('closed', ({ reason }) => {
  isClosed = true;
  editor.freeze();
  undoManager.clear(); // undo would edit it all the same
  showEnd(reason);
});
shared.on('update', (_update, origin) => {
  if (origin !== provider && !provider.synced) hasUnsent = true;
});
window.addEventListener('beforeunload', (event) => {
  if (hasUnsent) event.preventDefault();
});
