import { element } from './dom.js';
import { EDITORS, type EditorName } from './editors.js';
import { addressOf } from './place.js';
import { noteOpened } from './recent.js';

interface Entry {
  readonly name: string;
  /** What is said of it beside its name. */
  readonly about: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What it opens with; the first, by its name. None: it cannot be opened here. */
  readonly editors: readonly EditorName[];
}

/** A document in a list, which leads to it. */
export function entryOf({ name, about, at, editors: [first, ...others] }: Entry): HTMLElement {
  const when = element('time', '', timeAgo(at));
  when.dateTime = new Date(at).toISOString();
  const shown = element('span', 'entry-name', name);
  const main = first === undefined ? shown : linkTo(name, first, shown);
  main.classList.add('entry-main');
  const more = others.map((editor) => {
    const link = linkTo(name, editor, `in ${EDITORS[editor].label}`);
    link.setAttribute('aria-label', `${name} in ${EDITORS[editor].label}`);
    return link;
  });
  return element('li', 'entry', main, element('span', 'entry-about', about), ...more, when);
}

/** A link to a document in an editor. Pages that are not of this editor note nothing themselves. */
export function linkTo(name: string, editor: EditorName, shown: Node | string): HTMLAnchorElement {
  const link = element('a', 'entry-link', shown);
  link.href = addressOf(name, editor);
  link.addEventListener('click', () => noteOpened(name, editor));
  return link;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function timeAgo(time: number): string {
  const passed = Date.now() - time;
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const [unit, length] = UNITS.find(([, duration]) => passed >= duration) ?? (['second', Infinity] as const);
  return unit === 'second' ? 'just now' : format.format(-Math.floor(passed / length), unit);
}
