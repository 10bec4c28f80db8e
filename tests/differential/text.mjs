// The text type against npm's ot-text-unicode, the reference that clients use: the same answers, part by part.
//
//   node text.mjs --docctl PATH [--cases 100000] [--seed N] [--only INDEX]
//
// QUIRE_DIFFERENTIAL_CASES in the environment is another way to say --cases.
// A failure prints the case, shrunk, and how to run it again.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';

import { Docctl } from './docctl.mjs';
import { Random, caseSeed } from './random.mjs';

const BATCH_CASES = 500;

if (!existsSync(fileURLToPath(new URL('node_modules/ot-text-unicode', import.meta.url)))) {
  console.error('The reference implementations are not installed: run `npm ci` in tests/differential.');
  process.exit(1);
}
const { Coverage, makeCase, questions, smallerCases } = await import('./text_cases.mjs');

const { values: options } = parseArgs({
  options: {
    docctl: { type: 'string' },
    cases: { type: 'string', default: process.env.QUIRE_DIFFERENTIAL_CASES || '100000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    only: { type: 'string' },
  },
});
const seed = Number(options.seed);
const docctl = new Docctl(options.docctl);

const request = ({ expected, ...rest }) => rest;

/** The first question that the engine answers otherwise, or undefined. */
async function difference(one) {
  const { asked } = questions(one);
  const answers = await docctl.ask(asked.map(request));
  const index = asked.findIndex(({ expected }, at) => !isDeepStrictEqual(expected, answers[at]));
  return index < 0 ? undefined : { ...asked[index], actual: answers[index] };
}

async function shrink(one) {
  for (const less of smallerCases(one)) {
    if (await difference(less)) return shrink(less);
  }
  return one;
}

let isReported = false;

async function report(index, one) {
  if (isReported) return; // the batch that was under way meanwhile
  isReported = true;
  console.error(`Case ${index} of seed ${seed} differs. Shrunk, it is:`);
  console.error(JSON.stringify(await difference(await shrink(one)), null, 2));
  console.error(`Again: node tests/differential/text.mjs --docctl ${options.docctl} --seed ${seed} --only ${index}`);
  docctl.end();
  process.exit(1);
}

const caseAt = (index) => makeCase(new Random(caseSeed(seed, index)));

async function check(first, count, coverage) {
  const cases = Array.from({ length: count }, (_, offset) => questions(caseAt(first + offset)));
  const answers = await docctl.ask(cases.flatMap(({ asked }) => asked.map(request)));
  let at = 0;
  for (const [offset, one] of cases.entries()) {
    coverage.add(one);
    for (const { expected } of one.asked) {
      if (!isDeepStrictEqual(expected, answers[at++])) await report(first + offset, caseAt(first + offset));
    }
  }
}

console.log(`seed ${seed}`);
const coverage = new Coverage();
if (options.only !== undefined) {
  await check(Number(options.only), 1, coverage);
} else {
  const total = Number(options.cases);
  let ahead = Promise.resolve();
  for (let first = 0; first < total; first += BATCH_CASES) {
    // The engine answers one batch while the reference works on the next.
    const next = check(first, Math.min(BATCH_CASES, total - first), coverage);
    await ahead;
    ahead = next;
  }
  await ahead;
}
for (const [name, count] of Object.entries(coverage.counts)) console.log(`${count} ${name}`);
docctl.end();
// In fewer cases a kind may be missing by chance.
if (options.only === undefined && Number(options.cases) >= BATCH_CASES && coverage.missing.length > 0) {
  console.error(`Nothing was tried of: ${coverage.missing.join(', ')}.`);
  process.exitCode = 1;
}
