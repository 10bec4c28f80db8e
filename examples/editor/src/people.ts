import type { TextPeer } from '@quire/client';

import { element } from './dom.js';
import { identityOf, initialOf, type Identity } from './identity.js';

/** Beyond so many circles a number says how many more. */
const CIRCLES_MAX = 5;

/** Shows who else is here, in the order in which they came. */
export function showPeople(list: HTMLElement, peers: readonly TextPeer[]): void {
  const people = [...peers].sort((a, b) => a.id - b.id).flatMap(({ id, state }) => {
    const identity = identityOf(state);
    return identity === null ? [] : [{ id, identity }];
  });
  list.dataset['count'] = String(people.length);
  const shown = people.slice(0, CIRCLES_MAX).map(({ id, identity }) => personOf(id, identity));
  const more = people.length - shown.length;
  list.replaceChildren(...shown, ...(more > 0 ? [element('li', 'person more', `+${more}`)] : []));
}

/** Fills a circle with somebody's initial and colour. */
export function dressCircle(circle: HTMLElement, identity: Identity): void {
  circle.textContent = initialOf(identity);
  circle.dataset['colour'] = String(identity.colour);
}

function personOf(id: number, identity: Identity): HTMLElement {
  const circle = element('span', 'circle');
  dressCircle(circle, identity);
  circle.setAttribute('aria-hidden', 'true');
  const person = element('li', 'person', circle, element('span', 'visually-hidden', identity.name));
  person.title = identity.name;
  person.dataset['peer'] = String(id);
  return person;
}
