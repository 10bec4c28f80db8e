// The yjs type against npm's yjs, the reference that clients use: random histories of several clients that are cut off,
// whose updates come late, twice and out of order. After every exchange the engine's document has the same state vector,
// the same encoding and says the same as a document of the reference's that was given the same updates.
//
//   node yjs.mjs --docctl PATH [--operations 20000] [--seed N] [--only INDEX]
//
// QUIRE_YJS_OPERATIONS in the environment is another way to say --operations.
// A failure prints the case and how to run it again.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';

import { Docctl } from './docctl.mjs';
import { Random, caseSeed } from './random.mjs';

if (!existsSync(fileURLToPath(new URL('node_modules/yjs', import.meta.url)))) {
  console.error('The reference implementations are not installed: run `npm ci` in tests/differential.');
  process.exit(1);
}
const Y = await import('yjs');
const { damaged, edit, readings } = await import('./yjs_cases.mjs');

const { values: options } = parseArgs({
  options: {
    docctl: { type: 'string' },
    operations: { type: 'string', default: process.env.QUIRE_YJS_OPERATIONS || '20000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    only: { type: 'string' },
  },
});
const seed = Number(options.seed);
const docctl = new Docctl(options.docctl);

const kinds = ['operations', 'exchanges', 'late updates', 'repeated updates', 'partitions', 'reloads', 'waiting states', 'parts', 'formats',
  'embeds', 'map changes', 'nested types', 'binaries', 'subdocuments', 'old JSON elements', 'XML attributes', 'damaged updates refused',
  'damaged updates taken by both'];

/** How often each kind of thing was tried. */
class Counts {
  counts = Object.fromEntries(kinds.map((kind) => [kind, 0]));

  add(kind) {
    this.counts[kind] += 1;
  }
}

const hexadecimal = (update) => Buffer.from(update).toString('hex');
const fromHexadecimal = (digits) => Uint8Array.from(Buffer.from(digits, 'hex'));

class Difference extends Error {}

async function ask(verb, rest = {}) {
  const [answer] = await docctl.ask([{ verb: `yjs.${verb}`, doc: 'd', ...rest }]);
  if (answer !== null && typeof answer === 'object' && 'error' in answer && verb !== 'read') throw new Difference(`${verb}: ${answer.error}`);
  return answer;
}

function same(what, expected, actual) {
  if (!isDeepStrictEqual(expected, actual)) {
    throw new Difference(`${what} differs\nexpected ${JSON.stringify(expected)}\nactual   ${JSON.stringify(actual)}`);
  }
}

const fresh = (update) => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc;
};

// Whoever cuts a character in two has its halves replaced, and others not: Yjs lets them differ there.
const whole = (text) => text.replace(/[\ud800-\udfff\ufffd]/g, '?');
const wholeTexts = (value) => JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'string' ? whole(each) : each)));

/** An update's structs and deletions, with all characters whole. */
function described(update) {
  const { structs, ds } = Y.decodeUpdate(update);
  const content = (of) => of.content && (of.content.str === undefined ? of.content.constructor.name : whole(of.content.str));
  return [
    structs.map((each) => [each.id, each.length, each.origin, each.rightOrigin, each.parentSub, content(each)]),
    [...ds.clients].map(([client, ranges]) => [client, ranges.map(({ clock, len }) => [clock, len])]),
  ];
}

class Client {
  constructor(random) {
    this.doc = new Y.Doc();
    this.doc.clientID = random.pick([random.below(8), random.below(2 ** 32), random.below(2 ** 20) * 2 ** 32 + random.below(9)]);
    this.unsent = [];
    this.unread = [];
    this.isAway = false;
    this.doc.on('update', (update, origin) => {
      if (origin !== 'engine') this.unsent.push(update);
    });
  }
}

/** One history, on the engine and on the reference. */
class History {
  constructor(random, counts) {
    this.random = random;
    this.counts = counts;
    this.clients = random.list(2 + random.below(7), () => new Client(random));
    const ids = new Set();
    for (const { doc } of this.clients) {
      while (ids.has(doc.clientID)) doc.clientID += 1;
      ids.add(doc.clientID);
    }
    this.sent = [];
    this.isFormatted = random.below(3) === 0;
  }

  async begin() {
    await ask('new');
    this.follow(new Y.Doc());
  }

  /** The reference's side; what it changes by itself (it tidies up formats) is an update like any other. */
  follow(doc) {
    this.reference = doc;
    this.tidied = [];
    doc.on('update', (update, origin) => {
      if (origin !== 'engine') this.tidied.push(update);
    });
  }

  /** Gives an update to both. */
  async take(update, from) {
    this.counts.add('exchanges');
    const passedOn = await ask('apply', { update: hexadecimal(update) });
    Y.applyUpdate(this.reference, update, 'engine');
    if (passedOn !== null) this.pass(fromHexadecimal(passedOn), from);
    for (const tidy of this.tidied.splice(0)) {
      const more = await ask('apply', { update: hexadecimal(tidy) });
      if (more !== null) this.pass(fromHexadecimal(more));
    }
    await this.compare();
  }

  pass(update, from) {
    for (const client of this.clients) if (client !== from) client.unread.push(update);
  }

  async compare() {
    same('state vector', hexadecimal(Y.encodeStateVector(this.reference)), await ask('state_vector'));
    const expected = Y.encodeStateAsUpdate(this.reference);
    const actual = fromHexadecimal(await ask('encode'));
    const { pendingStructs, pendingDs } = this.reference.store;
    if (!pendingStructs && !pendingDs) {
      // Of two that wait for the same place, one with a character in halves, each side keeps which it likes.
      this.hasHalves ||= this.hasWaited && hexadecimal(expected) !== hexadecimal(actual);
      const form = this.hasHalves ? described : hexadecimal;
      return same('encoding', form(expected), form(actual));
    }
    this.hasWaited = true;
    // What waits is cut in other places: both are loaded, and what then waits is compared once it comes.
    this.counts.add('waiting states');
    const [one, other] = [fresh(expected), fresh(actual)];
    same('state vector with what waits', hexadecimal(Y.encodeStateVector(one)), hexadecimal(Y.encodeStateVector(other)));
    same('whether structs wait', pendingStructs !== null, other.store.pendingStructs !== null);
    same('whether deletions wait', pendingDs !== null, other.store.pendingDs !== null);
  }

  /** What `doc` lacks comes in parts: none waits for a later one, if nothing waits anyway. */
  async giveParts(doc) {
    const isWhole = ({ pendingStructs, pendingDs }) => !pendingStructs && !pendingDs;
    const nothingWaits = isWhole(doc.store) && isWhole(this.reference.store);
    const since = hexadecimal(Y.encodeStateVector(doc));
    for (const part of await ask('parts', { since, bytes: this.random.pick([1, 20, 100, 1000]) })) {
      this.counts.add('parts');
      Y.applyUpdate(doc, fromHexadecimal(part), 'engine');
      if (nothingWaits) same('whether a part waits for a later one', true, isWhole(doc.store));
    }
    return nothingWaits;
  }

  async read() {
    const copy = new Y.Doc();
    if (await this.giveParts(copy)) {
      // Not the encoding: whoever loads a document joins more of its runs than whoever saw it grow, and tidies up its formats.
      same('state vector of the parts', hexadecimal(Y.encodeStateVector(this.reference)), hexadecimal(Y.encodeStateVector(copy)));
      const [expected, actual] = [this.reference, copy].map((doc) => wholeTexts(readings(Y.encodeStateAsUpdate(doc))));
      same('what the parts say', expected, actual);
    }
    for (const [root, as, expected] of readings(Y.encodeStateAsUpdate(this.reference))) {
      const actual = await ask('read', { root, as });
      if (this.hasHalves) same(`${root} as ${as}`, wholeTexts(expected), wholeTexts(actual));
      else same(`${root} as ${as}`, expected, actual);
    }
  }

  async deliver(client) {
    const { random } = this;
    if (client.unsent.length === 0) return;
    let at = 0;
    if (random.below(6) === 0) at = random.below(client.unsent.length);
    if (at > 0) this.counts.add('late updates');
    let [update] = client.unsent.splice(at, 1);
    if (random.below(5) === 0 && client.unsent.length > 0) update = Y.mergeUpdates([update, ...client.unsent.splice(0)]);
    this.sent.push(update);
    await this.take(update, client);
  }

  receive(client) {
    const { random } = this;
    for (let count = random.below(4); count > 0 && client.unread.length > 0; --count) {
      const at = random.below(6) === 0 ? random.below(client.unread.length) : 0;
      const [update] = client.unread.splice(at, 1);
      Y.applyUpdate(client.doc, update, 'engine');
    }
  }

  /** What a provider does when it connects: both sides send what the other lacks. */
  async synchronise(client) {
    const inParts = this.random.below(2) === 0;
    const lacking = inParts ? null : await ask('encode', { since: hexadecimal(Y.encodeStateVector(client.doc)) });
    const update = Y.encodeStateAsUpdate(client.doc, fromHexadecimal(await ask('state_vector')));
    client.unsent.length = 0;
    client.unread.length = 0;
    if (inParts) await this.giveParts(client.doc);
    await this.take(update, client);
    if (!inParts) Y.applyUpdate(client.doc, fromHexadecimal(lacking), 'engine');
  }

  async step() {
    const { random, counts } = this;
    const client = random.pick(this.clients);
    const kind = random.below(20);
    if (kind < 8) {
      Y.transact(client.doc, () => {
        for (let count = random.pick([1, 1, 1, 2, 5]); count > 0; --count) edit(random, client.doc, counts);
      });
    } else if (kind < 13) {
      if (!client.isAway) await this.deliver(client);
    } else if (kind < 17) {
      if (!client.isAway) this.receive(client);
    } else if (kind < 18) {
      if (client.isAway) await this.synchronise(client);
      client.isAway = !client.isAway;
      if (client.isAway) counts.add('partitions');
    } else if (kind < 19 && this.sent.length > 0) {
      counts.add('repeated updates');
      await this.take(random.pick(this.sent));
    } else if (random.below(8) === 0) {
      await this.reload();
    }
  }

  async reload() {
    const { pendingStructs, pendingDs } = this.reference.store;
    if (pendingStructs || pendingDs) return;
    this.counts.add('reloads');
    await ask('reload');
    this.follow(fresh(Y.encodeStateAsUpdate(this.reference)));
    await this.compare();
  }

  /** Everybody comes back: all say the same. */
  async end() {
    for (let round = 0; round < 3; ++round) {
      for (const client of this.clients) await this.synchronise(client);
    }
    await this.read();
    const vector = hexadecimal(Y.encodeStateVector(this.reference));
    const reference = fresh(Y.encodeStateAsUpdate(this.reference));
    for (const { doc } of this.clients) {
      same('state vector of a client', vector, hexadecimal(Y.encodeStateVector(doc)));
      same('text of a client', whole(reference.getText('text').toString()), whole(doc.getText('text').toString()));
      same('XML of a client', whole(reference.getXmlFragment('xml').toString()), whole(doc.getXmlFragment('xml').toString()));
    }
  }

  /** What makes the reference throw is refused; what is taken leaves both the same. */
  async damage() {
    const whole = Y.encodeStateAsUpdate(this.reference);
    for (let i = 0; i < 20; ++i) {
      const update = damaged(this.random, this.random.pick([whole, this.random.pick(this.sent) ?? whole]));
      await ask('new');
      const [answer] = await docctl.ask([{ verb: 'yjs.apply', doc: 'd', update: hexadecimal(update) }]);
      if (answer !== null && typeof answer === 'object') {
        this.counts.add('damaged updates refused');
        continue;
      }
      const doc = new Y.Doc();
      try {
        Y.applyUpdate(doc, update);
      } catch (why) {
        throw new Difference(`taken, but the reference throws ${why.stack} at ${hexadecimal(update)}`);
      }
      this.counts.add('damaged updates taken by both');
      same('state vector after a damaged update', hexadecimal(Y.encodeStateVector(doc)), await ask('state_vector'));
      fresh(fromHexadecimal(await ask('encode')));
    }
  }
}

/** Y.js tells on the console that an update came from a client with its own id; here a repeated one does. */
console.log = ((log) => (...what) => (String(what[0]).includes('yjs') ? undefined : log(...what)))(console.log);

async function run(index, counts) {
  const random = new Random(caseSeed(seed, index));
  const history = new History(random, counts);
  await history.begin();
  for (let steps = 40 + random.below(200); steps > 0; --steps) {
    await history.step();
    if (random.below(20) === 0) await history.read();
  }
  await history.end();
  await history.damage();
}

console.log(`seed ${seed}`);
const counts = new Counts();
const total = Number(options.operations);
let index = options.only === undefined ? 0 : Number(options.only);
try {
  for (; options.only === undefined ? counts.counts.operations < total : index === Number(options.only); ++index) await run(index, counts);
} catch (why) {
  console.error(`Case ${index} of seed ${seed}: ${why instanceof Difference ? why.message : why.stack}`);
  console.error(`Again: node tests/differential/yjs.mjs --docctl ${options.docctl} --seed ${seed} --only ${index}`);
  process.exit(1);
}
for (const [kind, count] of Object.entries(counts.counts)) console.log(`${count} ${kind}`);
docctl.end();
const missing = kinds.filter((kind) => counts.counts[kind] === 0);
// In fewer operations a kind may be missing by chance.
if (options.only === undefined && total >= 5000 && missing.length > 0) {
  console.error(`Nothing was tried of: ${missing.join(', ')}.`);
  process.exitCode = 1;
}
