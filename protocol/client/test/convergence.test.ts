import assert from 'node:assert/strict';
import test from 'node:test';

import { connect, type QuireClient, type TextDocument } from '../src/index.js';
import { codePoints } from '../src/text_operation.js';
import { DEFAULT_LIMITS, FakeServer } from './fixture/fake_server.js';
import { FakeStore } from './fixture/fake_store.js';
import { Simulation } from './fixture/simulation.js';

const SEEDS = Number(process.env['QUIRE_SEEDS'] ?? 100);
const FIRST_SEED = Number(process.env['QUIRE_SEED'] ?? 1);
const KEY = 'default/story';
const LETTERS = ['a', 'b', ' ', '\n', 'é', 'e\u0301', '𝔸', '👩‍🚀', '\r\n', 'नि'];

interface Writer {
  readonly client: QuireClient;
  readonly document: TextDocument;
  /** What it has put in, one code point each, no two alike. */
  readonly marks: string[];
  readonly copies: string[];
}

/** Clients that edit at random over a bad network to a server that is killed now and then. */
class Storm {
  readonly store = new FakeStore();
  readonly simulation: Simulation;
  readonly writers: Writer[] = [];
  private marksMade = 0;

  constructor(
    seed: number,
    private readonly limits = DEFAULT_LIMITS,
  ) {
    this.simulation = new Simulation(seed);
    this.startServer();
  }

  get chance() {
    return this.simulation.chance;
  }

  async addWriter(): Promise<void> {
    const client = connect('ws://quire.test/v1/connect', { environment: this.simulation.environment() });
    const opening = client.open('story');
    const document = await this.during(opening);
    const writer: Writer = { client, document, marks: [], copies: [] };
    document.on('copy', ({ content }) => writer.copies.push(content));
    document.on('state', (state) => state === 'saved' && this.assertSaved(writer));
    mirror(document);
    this.writers.push(writer);
  }

  startServer(): void {
    if (this.simulation.server !== null) return;
    const world = {
      schedule: (task: () => void, delay: number) => this.simulation.schedule(task, delay),
      commitTime: () => 1 + this.chance.below(30),
    };
    this.simulation.server = new FakeServer(this.store, world, this.limits);
  }

  killServer(): void {
    this.simulation.server?.kill();
    this.simulation.server = null;
    for (const wire of [...this.simulation.wires]) wire.cut();
    this.simulation.schedule(() => this.startServer(), this.chance.below(3_000));
  }

  /** Something goes wrong, or nothing. */
  trouble(): void {
    const wires = [...this.simulation.wires];
    if (this.chance.oneIn(40) && this.simulation.server !== null) return this.killServer();
    if (wires.length === 0) return;
    const wire = this.chance.pick(wires);
    if (this.chance.oneIn(8)) wire.cut();
    if (this.chance.oneIn(25)) wire.stall(this.chance.below(20_000));
    if (this.chance.oneIn(60)) this.simulation.announceNetwork(this.chance.oneIn(2));
    if (this.chance.oneIn(80)) this.simulation.server?.shutDown(this.chance.below(2_000));
  }

  mark({ document, marks }: Writer): void {
    const mark = String.fromCodePoint(0x20000 + this.marksMade++);
    marks.push(mark);
    document.insert(this.boundary(document.text), mark);
  }

  scribble({ document }: Writer): void {
    const { text } = document;
    const [a, b] = [this.boundary(text), this.boundary(text)];
    const [from, to] = [Math.min(a, b), Math.min(Math.max(a, b), Math.min(a, b) + 12)];
    const end = this.align(text, to);
    const written = this.chance.oneIn(3) ? '' : this.chance.pick(LETTERS).repeat(1 + this.chance.below(3));
    if (this.chance.oneIn(12)) document.undo();
    else if (this.chance.oneIn(20)) document.redo();
    else document.replace(from, this.chance.oneIn(2) ? end : from, written);
    if (this.chance.oneIn(4)) document.setPresence({ selection: { anchor: 0, head: 0 }, state: { name: 'x' } });
  }

  /** All is well again, and all is said. */
  async calm(): Promise<void> {
    const { simulation, writers } = this;
    this.startServer();
    await simulation.until(() => simulation.server !== null && writers.every(isSettled), 'all is saved');
    const { revision } = this.store.get(KEY);
    await simulation.until(() => writers.every(({ document }) => document.revision === revision), 'all have all');
  }

  assertConverged(): void {
    const { text, log } = this.store.get(KEY);
    for (const { document } of this.writers) assert.equal(document.text, text);
    const named = log.map(({ client, sequence }) => `${client}/${sequence}`);
    assert.equal(new Set(named).size, named.length, 'no edit is there twice');
  }

  assertSaved({ marks, copies, document }: Writer): void {
    if (!document.isSaved) return;
    const { text } = this.store.get(KEY);
    for (const mark of marks) {
      const count = text.split(mark).length - 1;
      const isCopied = copies.some((copy) => copy.includes(mark));
      assert.ok(count === 1 || (count === 0 && isCopied), `a saved mark is there ${count} times`);
    }
  }

  private async during<Value>(promise: Promise<Value>): Promise<Value> {
    let isDone = false;
    const done = promise.finally(() => (isDone = true));
    await this.simulation.until(() => isDone, 'a promise is fulfilled');
    return done;
  }

  private boundary(text: string): number {
    return this.align(text, this.chance.below(text.length + 1));
  }

  private align(text: string, offset: number): number {
    return /^[\udc00-\udfff]/.test(text.slice(offset, offset + 1)) ? offset - 1 : offset;
  }
}

function isSettled({ document }: Writer): boolean {
  return document.state === 'saved';
}

/** An editor that hears of changes only must show the same text. */
function mirror(document: TextDocument): void {
  let shown = document.text;
  document.on('change', ({ changes }) => {
    for (const { from, to, insert } of [...changes].reverse()) shown = shown.slice(0, from) + insert + shown.slice(to);
    assert.equal(shown, document.text);
  });
}

async function run(storm: Storm, act: (writer: Writer) => void): Promise<void> {
  const writers = 2 + storm.chance.below(3);
  for (let count = 0; count < writers; ++count) await storm.addWriter();
  const rounds = 40 + storm.chance.below(120);
  for (let round = 0; round < rounds; ++round) {
    act(storm.chance.pick(storm.writers));
    storm.trouble();
    await storm.simulation.advance(storm.chance.below(storm.chance.oneIn(20) ? 15_000 : 150));
  }
  await storm.calm();
  storm.assertConverged();
  for (const writer of storm.writers) storm.assertSaved(writer);
  for (const { client } of storm.writers) client.close();
}

async function forEachSeed(what: (seed: number) => Promise<void>): Promise<void> {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; ++seed) {
    try {
      await what(seed);
    } catch (error) {
      console.error(`seed ${seed} failed; again with QUIRE_SEED=${seed} QUIRE_SEEDS=1`);
      throw error;
    }
  }
}

test(`clients converge through cuts, stalls and restarts, seeds ${FIRST_SEED} and ${SEEDS - 1} more`, () =>
  forEachSeed(async (seed) => {
    const storm = new Storm(seed, { ...DEFAULT_LIMITS, supersedes: seed % 2 === 0 });
    await run(storm, (writer) => storm.scribble(writer));
  }));

test('what was inserted is there exactly once, and before it is shown as saved', () =>
  forEachSeed(async (seed) => {
    const storm = new Storm(seed, { ...DEFAULT_LIMITS, supersedes: seed % 2 === 0 });
    await run(storm, (writer) => storm.mark(writer));
    assert.equal(codePoints(storm.store.get(KEY).text), storm.writers.flatMap(({ marks }) => marks).length);
  }));

test('clients converge also where a resume is answered with a snapshot and late edits are refused', () =>
  forEachSeed(async (seed) => {
    const storm = new Storm(seed, { historyMax: 12, catchUpMax: seed % 7, supersedes: true });
    await run(storm, (writer) => (seed % 2 === 0 ? storm.mark(writer) : storm.scribble(writer)));
  }));
