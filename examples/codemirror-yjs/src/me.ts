/** How somebody appears to others. Both forms of the colour are what Yjs's editors look for in a user. */
export interface Person {
  readonly name: string;
  readonly color: string;
  readonly colorLight: string;
}

/** All dark enough for white letters on them. */
const COLOURS = ['#b8285c', '#b8440a', '#806000', '#2b7a3d', '#0b7285', '#1864ab', '#5f3dc4', '#8e2fa3'] as const;
const KEY = 'quire.identity';
const NAME_MAX = 40;

/** Who this browser's person is: a guest at first. */
export function me(): Person {
  const known = stored();
  const colour = known.colour ?? Math.floor(Math.random() * COLOURS.length);
  const name = cleanName(known.name ?? '') || `Guest ${100 + Math.floor(Math.random() * 900)}`;
  return remember(name, colour);
}

/** The same person under another name. */
export function renamed(person: Person, name: string): Person {
  const colour = COLOURS.findIndex((known) => known === person.color);
  return remember(cleanName(name) || person.name, colour);
}

/** What somebody sent as a person, if it is one: anybody may send anything. */
export function personOf(sent: unknown): Person | null {
  const { name, color } = (sent ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof color !== 'string' || !/^#[0-9a-f]{6}$/i.test(color)) return null;
  return { name: cleanName(name) || 'Somebody', color, colorLight: `${color}33` };
}

function cleanName(name: string): string {
  return Array.from(name.replace(/[\s\p{C}]+/gu, ' ').trim()).slice(0, NAME_MAX).join('');
}

function remember(name: string, colour: number): Person {
  const color = COLOURS[colour % COLOURS.length] ?? COLOURS[0];
  try {
    localStorage.setItem(KEY, JSON.stringify({ name, colour }));
  } catch {
    // Private windows may refuse: then it is forgotten with the page.
  }
  return { name, color, colorLight: `${color}33` };
}

function stored(): { name?: string; colour?: number } {
  try {
    const { name, colour } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    return {
      ...(typeof name === 'string' && { name }),
      ...(Number.isInteger(colour) && { colour: Math.abs(colour as number) }),
    };
  } catch {
    return {};
  }
}
