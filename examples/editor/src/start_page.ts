import { element, fromTemplate, part } from './dom.js';
import { addressOf } from './place.js';
import { recentDocuments, type Recent } from './recent.js';

/** The page at `/`: open a document by name, or one of the recent ones. */
export function showStart(body: HTMLElement): void {
  const page = fromTemplate('start-page');
  part<HTMLFormElement>(page, 'open').addEventListener('submit', openNamed);
  part(page, 'blank').addEventListener('click', () => location.assign(addressOf(blankName())));
  showRecent(page, recentDocuments());
  body.append(page);
}

function openNamed(event: SubmitEvent): void {
  event.preventDefault();
  const name = String(new FormData(event.target as HTMLFormElement).get('name')).trim();
  if (name !== '') location.assign(addressOf(name));
}

/** A name that nobody has. */
function blankName(): string {
  const random = crypto.getRandomValues(new Uint8Array(6));
  return `page-${Array.from(random, (octet) => (octet % 36).toString(36)).join('')}`;
}

function showRecent(page: ParentNode, documents: readonly Recent[]): void {
  part(page, 'recent').hidden = documents.length === 0;
  part(page, 'recent-list').append(...documents.map(entryOf));
}

function entryOf({ name, openedAt }: Recent): HTMLElement {
  const when = element('time', 'recent-when', timeAgo(openedAt));
  when.dateTime = new Date(openedAt).toISOString();
  const link = element('a', 'recent-link', element('span', 'recent-name', name), when);
  link.href = addressOf(name);
  return element('li', '', link);
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
