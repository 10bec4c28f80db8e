import type { Awareness } from 'y-protocols/awareness';

import { personOf, renamed, type Person } from './me.js';

/** What the page says of the connection. `saved` and `saving` are for providers that are told what is stored. */
export type State = 'connecting' | 'connected' | 'saved' | 'saving' | 'offline' | 'closed';

const TEXTS: Readonly<Record<State, string>> = {
  connecting: 'Connecting…',
  connected: 'Connected',
  saved: 'Saved',
  saving: 'Saving…',
  offline: 'Offline',
  closed: 'Closed',
};

/** Milliseconds that a state must last to be spoken: nobody wants to hear of every keystroke. */
const SPEAK_AFTER = 1_500;
/** Beyond so many people a number says how many more. */
const CIRCLES_MAX = 5;

let speaking = 0;

/** The element of the page that is marked as `data-part`. */
export function part<Kind extends Element = HTMLElement>(name: string): Kind {
  const found = document.querySelector<Kind>(`[data-part="${name}"]`);
  if (found === null) throw new Error(`no part ${name}`);
  return found;
}

export function showName(name: string): void {
  document.title = `${name} · Quire`;
  part('title').textContent = name;
  part('title').title = name;
}

export function showState(state: State): void {
  if (document.documentElement.dataset['state'] === state) return;
  document.documentElement.dataset['state'] = state;
  part('chip').textContent = TEXTS[state];
  window.clearTimeout(speaking);
  speaking = window.setTimeout(() => (part('spoken').textContent = TEXTS[state]), SPEAK_AFTER);
}

/** Says why the document is closed. */
export function showEnd(reason: string): void {
  showState('closed');
  part('notice').textContent = `This document cannot be edited now (${reason || 'the server closed it'}).`;
  part('notice').hidden = false;
}

/** Keeps the list of who else is here up to date. */
export function showPeople(awareness: Awareness): void {
  const show = () => {
    const others = [...awareness.getStates()].filter(([client]) => client !== awareness.clientID);
    const people = others.flatMap(([, state]) => personOf(state['user']) ?? []);
    const more = people.length - CIRCLES_MAX;
    part('people').replaceChildren(...people.slice(0, CIRCLES_MAX).map(circleOf), ...(more > 0 ? [item(`+${more}`)] : []));
  };
  awareness.on('change', show);
  show();
}

/** The field for one's own name; `onChange` is told of another. */
export function nameField(person: Person, onChange: (person: Person) => void): void {
  const field = part<HTMLInputElement>('name');
  let current = person;
  field.value = current.name;
  field.style.setProperty('--colour', current.color);
  field.addEventListener('change', () => {
    current = renamed(current, field.value);
    field.value = current.name;
    onChange(current);
  });
}

function circleOf({ name, color }: Person): HTMLElement {
  const circle = item((Array.from(name)[0] ?? '?').toLocaleUpperCase());
  circle.style.setProperty('--colour', color);
  circle.title = name;
  circle.setAttribute('aria-label', name);
  return circle;
}

function item(text: string): HTMLElement {
  const made = document.createElement('li');
  made.textContent = text;
  return made;
}
