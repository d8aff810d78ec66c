/** HTTP/2 as bytes (RFC 9113, section 4.1), for what no client would send. */

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

const types = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goaway: 7, continuation: 9 };
export const END_STREAM = 1;
export const END_HEADERS = 4;

export function frame(
  type: keyof typeof types,
  {
    flags = 0,
    stream = 0,
    payload = Buffer.alloc(0),
  }: { readonly flags?: number; readonly stream?: number; readonly payload?: Buffer } = {},
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = types[type];
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Fields of a request's head as literals that enter no table (RFC 7541, section 6.2.2). */
export function fields(...pairs: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(pairs.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  // An integer beyond a prefix of seven bits (RFC 7541, section 5.1).
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

/** What every request has. */
export const pseudoFields = [
  [':method', 'POST'],
  [':path', '/'],
  [':scheme', 'http'],
  [':authority', 'x'],
] as const;

/** The head of a request, whole in one frame. */
export function requestHead(
  stream: number,
  { ends = true, block = fields(...pseudoFields) }: { readonly ends?: boolean; readonly block?: Buffer } = {},
): Buffer {
  const flags = END_HEADERS + (ends ? END_STREAM : 0);
  return frame('headers', { flags, stream, payload: block });
}

/** Types of the frames in what a server sent, in order. */
export function frameTypesIn(bytes: Buffer): readonly string[] {
  const names = Object.entries(types);
  const found: string[] = [];
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3))
    found.push(names.find(([, type]) => type === bytes[at + 3])?.[0] ?? String(bytes[at + 3]));
  return found;
}
