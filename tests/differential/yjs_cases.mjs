import * as Y from 'yjs';

const words = ['a', 'b', 'hello', ' ', '\n', 'é', '漢字', '😀', 'x😀y', '"<&>\\', '\u2028', 'typing'];
const names = ['k', 'l', 'm', 'name', 'ключ', '😀'];
const marks = [{ bold: true }, { bold: null }, { italic: true }, { italic: null }, { link: { href: 'h', t: 1 } }, { link: null }];

function value(random, depth = 0) {
  switch (random.below(depth < 2 ? 13 : 10)) {
    case 0: return null;
    case 1: return undefined;
    case 2: return random.below(2) === 0;
    case 3: return random.below(2000) - 1000;
    case 4: return random.below(2 ** 31) * (random.below(2) * 2 - 1) * 4;
    case 5: return random.below(1000) / 8;
    case 6: return random.below(1000) / 7;
    case 7: return random.pick(words);
    case 8: return new Uint8Array(random.list(random.below(4), () => random.below(256)));
    case 9: return BigInt(random.below(1000)) - 500n;
    case 10: return random.list(random.below(4), () => value(random, depth + 1));
    default: return Object.fromEntries(random.list(random.below(4), () => [random.pick(names), value(random, depth + 1)]));
  }
}

/** What can be put in an array or map: a value, a type, bytes or a subdocument. */
function content(random) {
  switch (random.below(16)) {
    case 0: return new Y.Array();
    case 1: return new Y.Map();
    case 2: return new Y.Text('nested');
    case 3: return new Y.XmlElement('Part');
    case 4: return new Uint8Array([1, 2, random.below(256)]);
    case 5: return new Y.Doc({ guid: `sub${random.below(100)}`, autoLoad: random.below(2) === 0, ...(random.below(3) === 0 && { meta: { a: 1 } }) });
    case 6: return new Y.XmlText('rich');
    case 7: return new Y.Map([['inner', new Y.Array()]]);
    default: {
      const given = value(random);
      return given === undefined || typeof given === 'bigint' ? { given } : given; // not taken alone by arrays
    }
  }
}

function xmlNode(random) {
  switch (random.below(5)) {
    case 0: return new Y.XmlText(random.pick(words));
    case 1: return new Y.XmlHook('hook');
    default: return new Y.XmlElement(random.pick(['p', 'Div', 'a-b']));
  }
}

const place = (random, type) => random.below(type.length + 1);

function editText(random, text, counts) {
  const at = place(random, text);
  const kind = random.below(12);
  if (kind < 5) text.insert(at, random.pick(words));
  else if (kind < 6) text.insert(at, random.pick(words), random.pick(marks));
  else if (kind < 8 && text.length > 0) text.delete(at - (at === text.length ? 1 : 0), 1);
  else if (kind < 9 && at < text.length) text.delete(at, 1 + random.below(Math.min(6, text.length - at)));
  else if (kind < 11 && at < text.length) {
    text.format(at, 1 + random.below(text.length - at), random.pick(marks));
    counts.add('formats');
  } else if (kind === 11) {
    text.insertEmbed(at, random.below(4) === 0 ? new Y.XmlElement('embedded') : { image: random.pick(words) });
    counts.add('embeds');
  }
}

function oldJson(random, array) {
  const doc = array.doc;
  Y.transact(doc, (transaction) => {
    const client = doc.clientID;
    const right = array._start;
    const id = Y.createID(client, Y.getState(doc.store, client));
    const item = new Y.Item(id, null, null, right, right && right.id, array, null,
      new Y.ContentJSON(random.list(1 + random.below(3), () => random.pick([1, 'two', { three: [3] }, null, undefined]))));
    item.integrate(transaction, 0);
    array._searchMarker?.splice(0); // they know nothing of it
  });
}

function editArray(random, array, counts) {
  const at = place(random, array);
  const kind = random.below(10);
  if (kind < 6) {
    const added = random.list(1 + random.below(3), () => content(random));
    if (added.some((each) => each instanceof Y.Doc)) counts.add('subdocuments');
    if (added.some((each) => each instanceof Uint8Array)) counts.add('binaries');
    if (added.some((each) => each instanceof Y.AbstractType)) counts.add('nested types');
    array.insert(at, added);
  } else if (kind < 7) {
    oldJson(random, array);
    counts.add('old JSON elements');
  } else if (at < array.length) array.delete(at, 1 + random.below(Math.min(3, array.length - at)));
}

function editMap(random, map, counts) {
  const key = random.pick(names);
  if (random.below(5) === 0) map.delete(key);
  else map.set(key, content(random));
  counts.add('map changes');
}

function editXml(random, xml, counts) {
  const at = place(random, xml);
  const kind = random.below(10);
  if (kind < 5) xml.insert(at, [xmlNode(random)]);
  else if (kind < 8 && xml instanceof Y.XmlElement) {
    if (random.below(4) === 0) xml.removeAttribute(random.pick(names));
    else xml.setAttribute(random.pick(names), random.pick(['v', '"', 5, true, 0.5, null, [1, 'x'], { a: 1 }]));
    counts.add('XML attributes');
  } else if (at < xml.length) xml.delete(at, 1);
}

const childrenOf = (type) => {
  const found = [];
  for (let item = type._start; item !== null; item = item.right) if (!item.deleted && item.content instanceof Y.ContentType) found.push(item.content.type);
  type._map.forEach((item) => { if (!item.deleted && item.content instanceof Y.ContentType) found.push(item.content.type); });
  return found;
};

/** A type of the document: a root, or what is in it, or in that. */
function someType(random, doc) {
  let type = random.pick([doc.getText('text'), doc.getText('text'), doc.getText('rich'), doc.getArray('array'), doc.getMap('map'), doc.getXmlFragment('xml')]);
  for (let children = childrenOf(type); children.length > 0 && random.below(3) > 0; children = childrenOf(type)) type = random.pick(children);
  return type;
}

/** One change of a document. */
export function edit(random, doc, counts) {
  const type = someType(random, doc);
  counts.add('operations');
  if (type instanceof Y.Text) return type._item === null && type === doc.getText('text') && random.below(2) === 0
    ? type.insert(type.length, random.pick(words)) // typing at the end
    : editText(random, type, counts);
  if (type instanceof Y.Map) return editMap(random, type, counts);
  if (type instanceof Y.Array) return editArray(random, type, counts);
  return editXml(random, type, counts);
}

/** What JSON makes of a value, with bytes in base64 and big integers as numbers, as the engine prints them. */
export function plain(given) {
  if (given instanceof Uint8Array) return Buffer.from(given).toString('base64');
  if (given instanceof Y.Doc) return {};
  if (given instanceof Y.AbstractType) return plain(given.toJSON());
  if (typeof given === 'bigint') return Number(given);
  if (given === undefined) return null;
  if (Array.isArray(given)) return given.map(plain);
  if (given !== null && typeof given === 'object') {
    return Object.fromEntries(Object.entries(given).filter(([, each]) => each !== undefined).map(([key, each]) => [key, plain(each)]));
  }
  return given;
}

/** Everything a document says, by the way of reading. */
export function readings(update) {
  const read = (use) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    return plain(use(doc));
  };
  return [
    ['text', 'text', read((doc) => doc.getText('text').toString())],
    ['text', 'delta', read((doc) => doc.getText('text').toDelta())],
    ['rich', 'delta', read((doc) => doc.getText('rich').toDelta())],
    ['array', 'array', read((doc) => doc.getArray('array').toJSON())],
    ['map', 'map', read((doc) => doc.getMap('map').toJSON())],
    ['xml', 'xml', read((doc) => doc.getXmlFragment('xml').toString())],
  ];
}

/** An update with a few bytes changed, cut off or repeated. */
export function damaged(random, update) {
  const made = [...update];
  for (let i = random.below(3); i >= 0; --i) {
    const at = random.below(made.length);
    switch (random.below(4)) {
      case 0: made[at] = random.below(256); break;
      case 1: made.splice(at, 1 + random.below(3)); break;
      case 2: made.splice(at, 0, random.below(256)); break;
      default: made[at] = (made[at] + random.pick([1, 255, 128, 64])) & 255;
    }
  }
  return Uint8Array.from(made);
}
