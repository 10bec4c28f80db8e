// What the lanes of the PostgreSQL store write, beside what PostgreSQL itself does with the same rows in a table of the
// same shape; writes the table to docs/benchmarks.md. A round is a database of its own, and within it the ways to write
// take turns in every cell.
//
//   node tests/bench/lanes.mjs [--build DIR] [--rounds N] [--seconds S] [--quick] [--out FILE]
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cellsOf, laneTable } from './lane_figures.mjs';
import { surroundings, writeFigures } from './page.mjs';
import { endPostgresql, newDatabase, settings } from './postgresql.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { values: given } = parseArgs({
  options: {
    build: { type: 'string', default: path.join(root, 'build/release') },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: path.join(root, 'docs/benchmarks.md') },
  },
});
const rounds = Number(given.rounds ?? (given.quick ? 1 : 3));
const seconds = given.seconds ?? (given.quick ? '0.1' : '0.4');

const began = new Date();
const loadBefore = os.loadavg()[0];
const found = [];
try {
  for (let round = 1; round <= rounds; ++round) {
    console.log(`lanes, round ${round} of ${rounds}`);
    const database = await newDatabase();
    found.push(await cellsOf(given.build, database.address, ['--seconds', seconds]));
    database.drop();
  }
} finally {
  await endPostgresql();
}
const lines = [
  surroundings(began, loadBefore), '',
  `\`node tests/bench/lanes.mjs${process.argv.slice(2).map((each) => ` ${each}`).join('')}\`: medians of ${rounds} ` +
    `${rounds === 1 ? 'round' : 'rounds'}, each of ${seconds} s a way and cell; the ratio is taken within a round. ` +
    `PostgreSQL as Debian configures it, but ${settings.map((each) => `\`${each}\``).join(', ')}.`, '',
  laneTable(found),
];
console.log(lines.join('\n'));
writeFigures(given.out, 'lanes', lines);
