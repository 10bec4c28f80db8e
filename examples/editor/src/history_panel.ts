import { element, part } from './dom.js';
import { HistoryLabels } from './history_labels.js';
import { stretchesOf, type Stretch } from './history_marks.js';
import { HistorySource, type PastEdit, type Version } from './history_source.js';
import { dressCircle } from './people.js';
import type { Writers } from './writers.js';

/** Milliseconds that the slider must rest before a version is fetched. */
const REST = 120;

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** What the document was: a slider over its revisions, and a way back to each. The document behind it lives on. */
export class HistoryPanel {
  private readonly dialog: HTMLDialogElement;
  private readonly slider: HTMLInputElement;
  private readonly text: HTMLElement;
  private readonly said: HTMLElement;
  private readonly restoring: HTMLButtonElement;
  private readonly source: HistorySource;
  private readonly labels: HistoryLabels;
  private head = 0;
  /** A named version from before the slider's beginning, if that is shown. */
  private before: number | null = null;
  private isOpen = false;
  private timer = 0;
  private fetching = new AbortController();

  constructor(
    private readonly page: ParentNode,
    name: string,
    private readonly writers: Writers,
    private readonly onClose: () => void,
  ) {
    this.source = new HistorySource(name);
    this.dialog = part(page, 'history');
    this.slider = part(page, 'history-slider');
    this.text = part(page, 'history-text');
    this.said = part(page, 'history-said');
    this.restoring = part(page, 'history-restore');
    this.labels = new HistoryLabels(
      page,
      this.source,
      () => this.revision,
      (revision) => this.jump(revision),
      (isAsking) => (this.restoring.hidden = isAsking),
      (text) => this.tell(text),
    );
    const opening = part<HTMLButtonElement>(page, 'history-open');
    opening.disabled = false;
    opening.addEventListener('click', () => this.open());
    part(page, 'history-close').addEventListener('click', () => this.close());
    part(page, 'history-older').addEventListener('click', () => this.step(-1));
    part(page, 'history-newer').addEventListener('click', () => this.step(+1));
    this.slider.addEventListener('input', () => {
      this.before = null;
      this.moved();
    });
    this.restoring.addEventListener('click', () => this.ask(true));
    part(page, 'history-keep').addEventListener('click', () => this.ask(false));
    part(page, 'history-confirm').addEventListener('click', () => void this.restore());
    // Escape. The event `close` alone would come after the keys that are pressed in between, and they would be lost.
    this.dialog.addEventListener('cancel', () => this.close());
    this.dialog.addEventListener('close', () => this.leave());
  }

  /** How many edits the document has had by now. */
  setHead(head: number): void {
    this.head = head;
    if (!this.dialog.open) return;
    this.slider.max = String(head);
    this.labels.setHead(head);
    if (this.dialog.dataset['shown'] !== undefined) this.restoring.disabled = this.revision === head;
  }

  private get revision(): number {
    return this.before ?? Number(this.slider.value);
  }

  private open(): void {
    this.before = null;
    this.slider.max = String(this.head);
    this.slider.value = String(this.head);
    this.isOpen = true;
    this.dialog.showModal();
    this.slider.focus();
    void this.begin();
  }

  private async begin(): Promise<void> {
    await this.labels.load(this.head).catch(() => undefined); // the versions can be shown without names
    this.slider.min = String(this.labels.floor);
    await this.show();
  }

  private jump(revision: number): void {
    this.slider.value = String(revision);
    this.before = revision < this.labels.floor ? revision : null;
    void this.show();
  }

  private close(): void {
    this.dialog.close();
    this.leave();
  }

  private leave(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    window.clearTimeout(this.timer);
    this.fetching.abort();
    this.text.replaceChildren();
    delete this.dialog.dataset['shown'];
    this.onClose();
  }

  private step(by: number): void {
    this.slider.value = String(this.revision + by);
    this.before = null;
    this.moved();
  }

  private moved(): void {
    this.ask(false);
    this.labels.ask(false);
    this.labels.allow(false);
    this.restoring.disabled = true;
    delete this.dialog.dataset['shown'];
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.show(), REST);
  }

  private async show(): Promise<void> {
    this.ask(false);
    this.labels.ask(false);
    this.labels.allow(false);
    this.restoring.disabled = true;
    this.fetching.abort();
    const { signal } = (this.fetching = new AbortController());
    const { revision } = this;
    try {
      const version = await this.source.version(revision, this.labels.floor, signal);
      if (!signal.aborted) this.draw(revision, version);
    } catch (failure) {
      if (!signal.aborted) this.tell(`This version cannot be read now (${(failure as Error).message}).`);
    }
  }

  private draw(revision: number, version: Version): void {
    this.text.replaceChildren(...stretchesOf(version).map(drawn));
    this.text.querySelector('ins, del')?.scrollIntoView({ block: 'center' });
    this.introduce(revision, version.edit);
    this.restoring.disabled = revision === this.head;
    this.labels.allow(true);
    this.dialog.dataset['shown'] = String(revision);
  }

  private introduce(revision: number, edit: PastEdit | null): void {
    const number = `Version ${revision} of ${this.head}`;
    if (edit === null) {
      this.tell(`${number} · ${revision === 0 ? 'before the first edit' : 'older edits are not kept'}`);
      this.slider.setAttribute('aria-valuetext', number);
      return;
    }
    const identity = this.writers.of(edit.client);
    const name = edit.author || identity?.name || 'Somebody';
    const when = element('time', '', WHEN.format(new Date(edit.at)));
    when.dateTime = edit.at;
    const circle = element('span', 'circle');
    circle.setAttribute('aria-hidden', 'true');
    if (identity !== null) dressCircle(circle, { ...identity, name });
    this.said.replaceChildren(circle, element('strong', '', name), when, element('span', '', number));
    this.said.classList.toggle('is-known', identity !== null);
    this.text.dataset['colour'] = identity === null ? '' : String(identity.colour);
    this.slider.setAttribute('aria-valuetext', `${number}, ${name}, ${when.textContent}`);
  }

  private tell(text: string): void {
    this.said.replaceChildren(element('span', '', text));
  }

  /** Asks whether the version shall be restored, or goes back to where it can be asked for. */
  private ask(isAsking: boolean): void {
    part(this.page, 'history-asking').hidden = !isAsking;
    part(this.page, 'history-name').hidden = isAsking;
    this.restoring.hidden = isAsking;
    if (isAsking) part(this.page, 'history-confirm').focus();
  }

  private async restore(): Promise<void> {
    const { revision } = this;
    this.ask(false);
    this.restoring.disabled = true;
    try {
      await this.source.restore(revision);
      this.close();
    } catch (failure) {
      this.tell(`It could not be restored (${(failure as Error).message}).`);
      this.restoring.disabled = false;
    }
  }
}

function drawn({ kind, text }: Stretch): Node {
  if (kind === 'kept') return document.createTextNode(text);
  return element(kind === 'inserted' ? 'ins' : 'del', '', text);
}
