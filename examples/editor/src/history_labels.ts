import { element, part } from './dom.js';
import type { HistorySource, Label } from './history_source.js';

/** Versions with names: a mark on the slider for each, a way to each, and the form that names one. */
export class HistoryLabels {
  private readonly list: HTMLElement;
  private readonly marks: HTMLElement;
  private readonly form: HTMLFormElement;
  private readonly input: HTMLInputElement;
  private readonly naming: HTMLButtonElement;
  private labels: readonly Label[] = [];
  private head = 0;

  /** The first version from which on all can be shown; older ones only if they have a name. */
  floor = 0;

  constructor(
    page: ParentNode,
    private readonly source: HistorySource,
    private readonly at: () => number,
    private readonly onJump: (revision: number) => void,
    private readonly onAsk: (isAsking: boolean) => void,
    private readonly tell: (text: string) => void,
  ) {
    this.list = part(page, 'history-labels');
    this.marks = part(page, 'history-marks');
    this.form = part(page, 'history-naming');
    this.input = part(page, 'history-new-name');
    this.naming = part(page, 'history-name');
    this.naming.addEventListener('click', () => this.ask(true));
    part(page, 'history-unnamed').addEventListener('click', () => this.ask(false));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.add();
    });
  }

  async load(head: number): Promise<void> {
    this.head = head;
    ({ labels: this.labels, floor: this.floor } = await this.source.labels());
    this.draw();
  }

  /** The names of a version. */
  of(revision: number): string[] {
    return this.labels.filter((label) => label.revision === revision).map((label) => label.name);
  }

  /** Whether the version shown can be named now. */
  allow(isAllowed: boolean): void {
    this.naming.disabled = !isAllowed;
    for (const chip of this.list.querySelectorAll<HTMLElement>('[data-revision]'))
      chip.ariaCurrent = String(isAllowed && chip.dataset['revision'] === String(this.at()));
  }

  setHead(head: number): void {
    this.head = head;
    this.drawMarks();
  }

  /** Asks for a name, or goes back to where it can be asked for. */
  ask(isAsking: boolean): void {
    if (this.form.hidden === !isAsking) return;
    this.form.hidden = !isAsking;
    this.naming.hidden = isAsking;
    this.onAsk(isAsking);
    this.input.value = '';
    (isAsking ? this.input : this.naming).focus();
  }

  private async add(): Promise<void> {
    const name = this.input.value.trim();
    if (name === '') return;
    await this.change(() => this.source.addLabel({ name, revision: this.at() }), 'This version could not be named');
  }

  private async remove(label: Label): Promise<void> {
    await this.change(() => this.source.removeLabel(label), 'The name could not be removed');
    this.naming.focus();
  }

  private async change(how: () => Promise<void>, failed: string): Promise<void> {
    try {
      await how();
      this.ask(false);
      await this.load(this.head);
    } catch (failure) {
      this.tell(`${failed} (${(failure as Error).message}).`);
    }
  }

  private draw(): void {
    this.list.hidden = this.labels.length === 0;
    this.list.replaceChildren(...this.labels.map((label) => this.chip(label)));
    this.allow(!this.naming.disabled);
    this.drawMarks();
  }

  private chip(label: Label): HTMLElement {
    const jump = element('button', 'history-label', label.name);
    jump.type = 'button';
    jump.title = `Version ${label.revision}`;
    jump.dataset['revision'] = String(label.revision);
    jump.addEventListener('click', () => this.onJump(label.revision));
    const remove = element('button', 'history-unlabel', '×');
    remove.type = 'button';
    remove.title = 'Remove this name';
    remove.setAttribute('aria-label', `Remove the name ${label.name}`);
    remove.addEventListener('click', () => void this.remove(label));
    return element('li', '', jump, remove);
  }

  private drawMarks(): void {
    const all = Math.max(1, this.head - this.floor);
    const marks = this.labels.map(({ revision }) => {
      const mark = element('i', '');
      mark.style.setProperty('--at', String(Math.max(0, revision - this.floor) / all));
      return mark;
    });
    this.marks.replaceChildren(...marks);
  }
}
