import { element, part } from './dom.js';
import { cleanName, COLOURS, saveIdentity, type Identity } from './identity.js';
import { dressCircle } from './people.js';

/** The button and dialog for one's own name and colour; `onChange` is told of a new choice. */
export function profile(page: ParentNode, identity: Identity, onChange: (identity: Identity) => void): void {
  const button = part(page, 'me');
  const dialog = part<HTMLDialogElement>(page, 'profile');
  const form = part<HTMLFormElement>(page, 'profile-form');
  const name = form.elements.namedItem('name') as HTMLInputElement;
  let current = identity;
  part(page, 'swatches').append(...COLOURS.map(swatchOf));
  dressCircle(button, current);
  button.addEventListener('click', () => {
    name.value = current.name;
    checkColour(form, current.colour);
    dialog.showModal();
    name.select();
  });
  part(page, 'profile-cancel').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', () => {
    const colour = Number(new FormData(form).get('colour'));
    current = { name: cleanName(name.value) || current.name, colour };
    saveIdentity(current);
    dressCircle(button, current);
    onChange(current);
  });
}

function swatchOf(label: string, colour: number): HTMLElement {
  const input = element('input', 'visually-hidden');
  input.type = 'radio';
  input.name = 'colour';
  input.value = String(colour);
  const dot = element('span', 'circle');
  dot.dataset['colour'] = String(colour);
  const swatch = element('label', 'swatch', input, dot, element('span', 'visually-hidden', label));
  swatch.title = label;
  return swatch;
}

function checkColour(form: HTMLFormElement, colour: number): void {
  for (const input of form.querySelectorAll<HTMLInputElement>('input[name="colour"]'))
    input.checked = input.value === String(colour);
}
