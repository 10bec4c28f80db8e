import type { QuireClient, TextDocument } from '@quire/client';

import { part } from './dom.js';

/** What the page shows of the connection and of what is saved. */
export type Status = 'connecting' | 'saved' | 'saving' | 'offline' | 'reconnecting' | 'closed';

const TEXTS: Readonly<Record<Status, string>> = {
  connecting: 'Connecting…',
  saved: 'Saved',
  saving: 'Saving…',
  offline: 'Offline',
  reconnecting: 'Reconnecting…',
  closed: 'Closed',
};

const SPOKEN: Readonly<Record<Status, string>> = {
  connecting: 'Connecting',
  saved: 'All changes saved',
  saving: 'Saving',
  offline: 'Offline. Your changes are kept and will be sent later.',
  reconnecting: 'Reconnecting. Your changes are kept.',
  closed: 'The document is closed.',
};

/** Milliseconds that a state must last to be spoken: nobody wants to hear of every keystroke. */
const SPEAK_AFTER = 1_500;

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
  private timer = 0;

  constructor(page: ParentNode) {
    this.chip = part(page, 'chip');
    this.text = part(page, 'chip-text');
    this.spoken = part(page, 'spoken');
  }

  show(status: Status): void {
    document.documentElement.dataset['state'] = status;
    if (this.chip.dataset['state'] === status) return;
    this.chip.dataset['state'] = status;
    this.text.textContent = TEXTS[status];
    this.chip.title = SPOKEN[status];
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.speak(status), SPEAK_AFTER);
  }

  private speak(status: Status): void {
    if (this.spoken.textContent !== SPOKEN[status]) this.spoken.textContent = SPOKEN[status];
  }
}
