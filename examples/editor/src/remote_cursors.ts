import type { TextPeer } from '@quire/client';
import { RangeSetBuilder, StateEffect, StateField, type Extension, type Range } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';

import { identityOf, type Identity } from './identity.js';

const setPeers = StateEffect.define<readonly TextPeer[]>();

/** Draws the cursors and selections of others. */
export function remoteCursors(): Extension {
  return StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update: (drawn, transaction) => {
      const told = transaction.effects.find((effect) => effect.is(setPeers));
      return told === undefined ? drawn.map(transaction.changes) : draw(told.value, transaction.newDoc.length);
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

/** Shows where these are now. */
export function showPeers(view: EditorView, peers: readonly TextPeer[]): void {
  view.dispatch({ effects: setPeers.of(peers) });
}

/** A cursor with its owner's name on a flag, which fades after it has moved. */
class Caret extends WidgetType {
  constructor(
    private readonly peer: number,
    private readonly identity: Identity,
    private readonly at: number,
  ) {
    super();
  }

  override eq(other: Caret): boolean {
    const { name, colour } = other.identity;
    return other.peer === this.peer && other.at === this.at && name === this.identity.name && colour === this.identity.colour;
  }

  override toDOM(view: EditorView): HTMLElement {
    const caret = document.createElement('span');
    caret.className = `caret colour-${this.identity.colour}`;
    caret.dataset['peer'] = String(this.peer);
    caret.setAttribute('aria-hidden', 'true');
    const flag = document.createElement('span');
    flag.className = 'caret-flag';
    flag.textContent = this.identity.name;
    caret.append(flag);
    view.requestMeasure({
      read: () => flag.getBoundingClientRect().right > view.scrollDOM.getBoundingClientRect().right,
      write: (isCutOff) => flag.classList.toggle('is-left', isCutOff),
    });
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function draw(peers: readonly TextPeer[], length: number): DecorationSet {
  const ranges = peers.flatMap((peer) => decorationsOf(peer, length));
  const builder = new RangeSetBuilder<Decoration>();
  ranges.sort((a, b) => a.from - b.from || a.value.startSide - b.value.startSide);
  for (const { from, to, value } of ranges) builder.add(from, to, value);
  return builder.finish();
}

function decorationsOf({ id, selection, state }: TextPeer, length: number): Range<Decoration>[] {
  const identity = identityOf(state);
  if (selection === null || identity === null) return [];
  const head = Math.min(selection.head, length);
  const anchor = Math.min(selection.anchor, length);
  const caret = Decoration.widget({ widget: new Caret(id, identity, head), side: head < anchor ? -1 : 1 }).range(head);
  if (head === anchor) return [caret];
  const marked = Decoration.mark({ class: `selected-by colour-${identity.colour}` });
  return [marked.range(Math.min(anchor, head), Math.max(anchor, head)), caret];
}
