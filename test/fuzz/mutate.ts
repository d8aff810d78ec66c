/** Bends JSON bodies: in structure, so that the bent one still reaches deep into a reader, and in bytes. */
import type { Random } from '#core/units/random.ts';

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random.next() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Values that readers stumble over. */
const oddValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'a\r\nset-cookie: x=y',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  'http://169.254.169.254/latest',
  'data:image/png;base64,@@',
  's3://bucket/key',
  'x'.repeat(5000),
  [],
  {},
  [[[[[[[[]]]]]]]],
  { type: 'text' },
  { type: 'nothing', text: 'x' },
  { text: 'x' },
  { type: 'tool_use' },
];

const oddNames: readonly string[] = [
  '__proto__',
  'toString',
  'model',
  'messages',
  'stream',
  'type',
  'tools',
  'n',
  'logprobs',
  'unknown_field',
  'a\nb',
  '',
];

type Container = Record<string, unknown> | unknown[];

interface Place {
  readonly parent: Container;
  readonly key: string | number;
}

/** One bend of a copy, or up to four. `donors` lend parts of other formats. */
export function bentBody(random: Random, body: unknown, donors: readonly unknown[]): unknown {
  const root = { body: structuredClone(body) };
  const bends = random.next() < 0.6 ? 1 : 1 + Math.floor(random.next() * 4);
  for (let bend = 0; bend < bends; bend += 1) {
    const places = placesIn(root);
    if (places.length > 0) bendAt(random, pick(random, places), donors);
  }
  // The root itself may have been taken away; JSON knows no such value.
  return root.body ?? null;
}

function placesIn(value: unknown): readonly Place[] {
  const places: Place[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const parent = node as Container;
    for (const key of Array.isArray(parent) ? parent.keys() : Object.keys(parent)) {
      places.push({ parent, key });
      walk(valueAt({ parent, key }));
    }
  };
  walk(value);
  return places;
}

function bendAt(random: Random, place: Place, donors: readonly unknown[]): void {
  const isList = Array.isArray(place.parent);
  const value = valueAt(place);
  const odd = structuredClone(pick(random, oddValues));
  const oddName = { ...place, key: isList ? place.key : pick(random, oddNames) };
  const bends: readonly (() => void)[] = [
    () => removeAt(place),
    () =>
      setAt(isList ? { ...place, key: (place.parent as unknown[]).length } : oddName, structuredClone(value)),
    () => setAt(oddName, odd),
    () => setAt(place, [value]),
    () => {
      const donorPlaces = placesIn(pick(random, donors));
      if (donorPlaces.length > 0) setAt(place, structuredClone(valueAt(pick(random, donorPlaces))));
    },
    () => setAt(place, odd),
    () => setAt(place, odd),
  ];
  pick(random, bends)();
}

function valueAt({ parent, key }: Place): unknown {
  return (parent as Record<string | number, unknown>)[key];
}

/** Assigning would change the prototype instead of adding the member that a JSON text can have. */
function setAt({ parent, key }: Place, value: unknown): void {
  Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}

function removeAt({ parent, key }: Place): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Record<string, unknown>)[String(key)];
}

/** Cuts, flips, repeats or inserts bytes. */
export function bentBytes(random: Random, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = Math.floor(random.next() * (bytes.length + 1));
  const to = Math.min(bytes.length, at + 1 + Math.floor(random.next() * 32));
  switch (Math.floor(random.next() * 5)) {
    case 0:
      return bytes.slice(0, at) as Uint8Array<ArrayBuffer>;
    case 1:
      return joined([bytes.subarray(0, at), bytes.subarray(to)]);
    case 2:
      return joined([bytes.subarray(0, to), bytes.subarray(at)]);
    case 3:
      return joined([
        bytes.subarray(0, at),
        randomBytes(random, 1 + Math.floor(random.next() * 8)),
        bytes.subarray(at),
      ]);
    default: {
      const flipped = bytes.slice() as Uint8Array<ArrayBuffer>;
      const place = Math.min(at, bytes.length - 1);
      if (place >= 0) flipped[place] = (flipped[place] ?? 0) ^ (1 << Math.floor(random.next() * 8));
      return flipped;
    }
  }
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random.next() * 256));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
