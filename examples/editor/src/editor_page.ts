import { connect, type QuireClient, type QuireError, type TextDocument, type TextPeer } from '@quire/client';

import { copyText } from './clipboard.js';
import { fromTemplate, part } from './dom.js';
import { createEditor, type Editor } from './editor.js';
import { HistoryPanel } from './history_panel.js';
import { identityOf, loadIdentity, type Identity } from './identity.js';
import { showNotice } from './notices.js';
import { showPeople } from './people.js';
import { engineAddress } from './place.js';
import { profile } from './profile.js';
import { noteOpened } from './recent.js';
import { StatusChip, statusOf } from './status.js';
import { Writers } from './writers.js';

/** The page at `/d/{name}`: one document, written together. */
export function showEditor(body: HTMLElement, name: string): void {
  body.append(fromTemplate('editor-page'));
  document.title = `${name} · Quire`;
  part(body, 'title').textContent = name;
  part(body, 'title').title = name;
  copyLinkBy(part<HTMLButtonElement>(body, 'copy-link'));
  const chip = new StatusChip(body);

  let identity = loadIdentity();
  let editor: Editor | null = null;
  const writers = new Writers();
  profile(body, identity, (chosen) => {
    identity = chosen;
    writers.note(client.id, chosen);
    editor?.setIdentity(chosen);
  });

  const client = connect(engineAddress(), { agent: 'quire-editor' });
  writers.note(client.id, identity);
  client.on('error', (error) => {
    const again = () => {
      client.reconnect();
      if (editor === null) open();
    };
    tellOfEnd(body, error, again);
  });
  let delay: HTMLElement | null = null;
  const endDelay = () => delay?.remove();
  client.on('delay', ({ reason }) => {
    if (editor === null) delay ??= tellOfDelay(body, reason);
  });
  const open = () => {
    chip.show('connecting');
    client.open(name).then(
      (document) => {
        endDelay();
        noteOpened(name, 'text');
        editor = showDocument(body, chip, client, document, identity, writers);
        showHistory(body, name, document, editor, writers);
      },
      (error: QuireError) => {
        endDelay();
        chip.show('closed');
        if (client.state !== 'closed') tellOfEnd(body, error); // Else the connection's end is told already.
      },
    );
  };
  open();
}

function showDocument(
  body: HTMLElement,
  chip: StatusChip,
  client: QuireClient,
  shared: TextDocument,
  identity: Identity,
  writers: Writers,
): Editor {
  const editor = createEditor(part(body, 'page'), shared, identity);
  const notices = part(body, 'notices');
  const undo = part<HTMLButtonElement>(body, 'undo');
  const redo = part<HTMLButtonElement>(body, 'redo');
  const refresh = () => {
    chip.show(statusOf(client, shared), shared.revision);
    document.documentElement.dataset['revision'] = String(shared.revision);
    undo.disabled = !shared.canUndo;
    redo.disabled = !shared.canRedo;
  };
  undo.addEventListener('click', () => shared.undo());
  redo.addEventListener('click', () => shared.redo());
  shared.on('change', refresh);
  shared.on('state', refresh);
  client.on('state', refresh);
  const showPeers = (peers: readonly TextPeer[]) => {
    showPeople(part(body, 'people'), peers);
    for (const { client: who, state } of peers) writers.note(who, identityOf(state));
  };
  shared.on('presence', showPeers);
  shared.on('copy', ({ content }) => tellOfCopy(notices, content));
  shared.on('error', (error) => {
    editor.freeze();
    tellOfEnd(body, error);
  });
  window.addEventListener('beforeunload', (event) => {
    if (!shared.isSaved) event.preventDefault();
  });
  window.addEventListener('pagehide', () => shared.setPresence(null));
  showPeers(shared.peers);
  refresh();
  return editor;
}

function showHistory(body: HTMLElement, name: string, shared: TextDocument, editor: Editor, writers: Writers): void {
  const panel = new HistoryPanel(body, name, writers, () => editor.focus());
  const refresh = () => panel.setHead(shared.revision);
  shared.on('change', refresh);
  shared.on('state', refresh);
  refresh();
}

function copyLinkBy(button: HTMLButtonElement): void {
  const label = button.textContent;
  button.addEventListener('click', async () => {
    button.textContent = (await copyText(location.href)) ? 'Copied' : 'Not allowed';
    window.setTimeout(() => (button.textContent = label), 1_600);
  });
}

function tellOfCopy(notices: HTMLElement, content: string): void {
  const text = 'Some of your unsent changes no longer fit the document. This is the text as you had it:';
  showNotice(notices, text, [{ label: 'Copy my text', act: () => void copyText(content) }]);
}

function tellOfDelay(body: HTMLElement, reason: QuireError): HTMLElement {
  const text = `This document cannot be opened now (${reason.message}). It will be as soon as that works.`;
  return showNotice(part(body, 'notices'), text);
}

/** `again`: how to try again, if the person may want to. */
function tellOfEnd(body: HTMLElement, error: QuireError, again?: () => void): void {
  const actions = again === undefined ? [] : [{ label: 'Connect again', act: again, isLast: true }];
  showNotice(part(body, 'notices'), `This document cannot be edited now (${error.message}).`, actions);
}
