import type { QuireClient, TextDocument } from '@quire/client';

import { part } from './dom.js';

/** What the page shows of the connection and of what is saved. */
export type Status = 'connecting' | 'saved' | 'saving' | 'unsaved' | 'offline' | 'reconnecting' | 'closed';

const TEXTS: Readonly<Record<Status, string>> = {
  connecting: 'Connecting…',
  saved: 'Saved',
  saving: 'Saving…',
  unsaved: 'Not saved',
  offline: 'Offline',
  reconnecting: 'Reconnecting…',
  closed: 'Closed',
};

const SPOKEN: Readonly<Record<Status, string>> = {
  connecting: 'Connecting',
  saved: 'All changes saved',
  saving: 'Saving',
  unsaved: 'Not saved yet. Your changes are kept here, and are saved as soon as that works again.',
  offline: 'Offline. Your changes are kept and will be sent later.',
  reconnecting: 'Reconnecting. Your changes are kept.',
  closed: 'The document is closed.',
};

/** Milliseconds that a state must last to be spoken: nobody wants to hear of every keystroke. */
const SPEAK_AFTER = 1_500;

/** Milliseconds without an edit becoming durable after which saving is no matter of a moment. */
const SAVE_WITHIN = 3_000;

/** The state of an open document. A document that was open once is coming back, not coming. */
export function statusOf(client: QuireClient, document: TextDocument): Status {
  if (client.state === 'closed' || document.state === 'closed') return 'closed';
  return document.state === 'connecting' ? 'reconnecting' : document.state;
}

/** The chip, and the quiet voice for those who do not see it. */
export class StatusChip {
  private readonly chip: HTMLElement;
  private readonly text: HTMLElement;
  private readonly spoken: HTMLElement;
  private speaking = 0;
  private patience = 0;
  /** The revision from which on saving is waited for; null: all is saved, or saving is not what is waited for. */
  private waitingFrom: number | null = null;

  constructor(page: ParentNode) {
    this.chip = part(page, 'chip');
    this.text = part(page, 'chip-text');
    this.spoken = part(page, 'spoken');
  }

  /** `revision`: of the document, which grows as edits become durable. */
  show(status: Status, revision = 0): void {
    const waitingFrom = status === 'saving' ? revision : null;
    if (waitingFrom !== null && waitingFrom === this.waitingFrom) return;
    this.waitingFrom = waitingFrom;
    window.clearTimeout(this.patience);
    if (waitingFrom !== null) this.patience = window.setTimeout(() => this.display('unsaved'), SAVE_WITHIN);
    this.display(status);
  }

  private display(status: Status): void {
    document.documentElement.dataset['state'] = status;
    if (this.chip.dataset['state'] === status) return;
    this.chip.dataset['state'] = status;
    this.text.textContent = TEXTS[status];
    this.chip.title = SPOKEN[status];
    window.clearTimeout(this.speaking);
    this.speaking = window.setTimeout(() => this.speak(status), SPEAK_AFTER);
  }

  private speak(status: Status): void {
    if (this.spoken.textContent !== SPOKEN[status]) this.spoken.textContent = SPOKEN[status];
  }
}
