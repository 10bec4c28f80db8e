import { element } from './dom.js';

interface Action {
  readonly label: string;
  readonly act: () => void;
  /** Whether the notice goes with it. */
  readonly isLast?: boolean;
}

/** Shows something that must not be missed until it is put away. */
export function showNotice(place: HTMLElement, text: string, actions: readonly Action[] = []): HTMLElement {
  const notice = element('div', 'notice', element('p', '', text));
  notice.setAttribute('role', 'alert');
  for (const { label, act, isLast } of actions) {
    const take = () => {
      if (isLast === true) notice.remove();
      act();
    };
    notice.append(buttonOf('button', label, take));
  }
  notice.append(buttonOf('link', 'Dismiss', () => notice.remove()));
  place.append(notice);
  return notice;
}

function buttonOf(className: string, label: string, act: () => void): HTMLButtonElement {
  const button = element('button', className, label);
  button.type = 'button';
  button.addEventListener('click', act);
  return button;
}
