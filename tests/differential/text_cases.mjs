import { encode } from '@msgpack/msgpack';
import textUnicode from 'ot-text-unicode';

const { type } = textUnicode;

const plain = [...'abcdefghijklmnop \n"\\'];
const accented = ['é', 'ß', 'Я', '漢', '\u0800', '\ud7ff', '\ue000', '\uffff'];
const combining = ['\u0301', '\u0323', '\u200d', '\ufe0f'];
const astral = ['😀', '𝄞', '👩', '🏽', '\u{10ffff}', '\u{10000}'];

function character(random) {
  const kind = random.below(10);
  return random.pick(kind < 5 ? plain : kind < 6 ? accented : kind < 8 ? combining : astral);
}

const characters = (random, countMax) => random.list(random.below(countMax + 1), () => character(random));

function steps(random) {
  const countMax = random.pick([1, 2, 6, 20]);
  return random.list(1 + random.below(countMax), () => ({
    kind: random.pick(['retain', 'retain', 'insert', 'insert', 'erase', 'eraseText']),
    count: random.below(random.pick([3, 6, 15])),
    text: characters(random, random.pick([1, 1, 6])),
  }));
}

/** What a case is made of. Whatever is left out of it, it stays a case: that is how it is shrunk. */
export function makeCase(random) {
  return {
    doc: characters(random, random.pick([6, 30, 120])),
    a: steps(random),
    b: steps(random),
    then: steps(random),
    at: random.below(64),
  };
}

/** The steps walked over `doc`, an array of characters: parts that need not be in normal form. */
function walk(list, doc) {
  let at = 0;
  return list.map(({ kind, count, text }) => {
    if (kind === 'insert') return text.join('');
    const passed = doc.slice(at, at + count);
    at += passed.length;
    if (kind === 'retain') return passed.length;
    return { d: kind === 'erase' ? passed.length : passed.join('') };
  });
}

/** The operations of a case, and the questions it asks: each the engine's request and the reference's answer. */
export function questions({ doc: list, a: aSteps, b: bSteps, then: thenSteps, at }) {
  const doc = list.join('');
  const raw = walk(aSteps, list);
  const a = type.normalize(walk(aSteps, list));
  const b = type.normalize(walk(bSteps, list));
  const afterA = type.apply(doc, a);
  const then = type.normalize(walk(thenSteps, [...afterA]));
  return {
    operations: [a, b, then],
    asked: [
      { verb: 'normalize', op: raw, expected: a },
      { verb: 'apply', doc, op: a, expected: afterA },
      { verb: 'transform', op: a, other: b, side: 'left', expected: type.transform(a, b, 'left') },
      { verb: 'transform', op: b, other: a, side: 'right', expected: type.transform(b, a, 'right') },
      { verb: 'compose', op: a, then, expected: type.compose(a, then) },
      { verb: 'invert', doc, op: a, expected: type.invertWithDoc(a, doc) },
      { verb: 'position', at, op: a, expected: type.transformPosition(at, a) },
      { verb: 'encode', op: b, expected: Buffer.from(encode(b)).toString('hex') },
    ],
  };
}

const smaller = (list) => list.map((_, index) => list.filter((__, other) => other !== index));
const replaced = (list, index, value) => list.map((each, other) => (other === index ? value : each));

function smallerStep(step) {
  return [
    ...(step.count > 1 ? [{ ...step, count: step.count - 1 }] : []),
    ...(step.text.length > 1 ? smaller(step.text).map((text) => ({ ...step, text })) : []),
    ...(step.text.some((each) => each !== 'x') ? [{ ...step, text: step.text.map(() => 'x') }] : []),
  ];
}

/** Cases a little smaller than `whole`. */
export function* smallerCases(whole) {
  for (const name of ['a', 'b', 'then', 'doc']) {
    for (const list of smaller(whole[name])) yield { ...whole, [name]: list };
  }
  for (const name of ['a', 'b', 'then']) {
    for (const [index, step] of whole[name].entries()) {
      for (const less of smallerStep(step)) yield { ...whole, [name]: replaced(whole[name], index, less) };
    }
  }
  if (whole.at > 0) yield { ...whole, at: whole.at - 1 };
}

/** Counts what a run tried. */
export class Coverage {
  constructor() {
    this.counts = { cases: 0, questions: 0, 'with astral characters': 0, 'with combining marks': 0 };
    this.counts['operations of three and more parts'] = 0;
    this.counts['operations of ten and more parts'] = 0;
  }

  /** What a run has not tried once. */
  get missing() {
    return Object.keys(this.counts).filter((name) => this.counts[name] === 0);
  }

  add({ operations, asked }) {
    const written = JSON.stringify(asked);
    this.counts.cases += 1;
    this.counts.questions += asked.length;
    this.counts['with astral characters'] += astral.some((each) => written.includes(each)) ? 1 : 0;
    this.counts['with combining marks'] += combining.some((each) => written.includes(each)) ? 1 : 0;
    this.counts['operations of three and more parts'] += operations.filter((op) => op.length >= 3).length;
    this.counts['operations of ten and more parts'] += operations.filter((op) => op.length >= 10).length;
  }
}
