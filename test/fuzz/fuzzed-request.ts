import type { Random } from '#core/units/random.ts';
import { bentBody, bentBytes, pick } from './mutate.ts';
import { seeds } from './seeds.ts';

export interface FuzzedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
const bodies = seeds.map(({ body }) => body);

/** Header values that a client could send; the first of each is the usual one. */
const headerValues: Readonly<Record<string, readonly string[]>> = {
  authorization: [
    'Bearer sk-local',
    'Bearer sk-wrong',
    'Bearer',
    'Basic c2s6',
    'bearer  sk-local',
    `Bearer ${'k'.repeat(9000)}`,
  ],
  'content-type': [
    'application/json',
    'text/plain',
    'application/json; charset=latin1',
    'multipart/form-data',
  ],
  'x-spillway-residency': ['us', 'eu', 'frankfurt', 'anywhere', 'japan', 'atlantis', '', '*', 'us,eu'],
  'x-spillway-deadline-ms': ['60000', '0', '-1', 'soon', '1e9', '99999999999'],
  'x-spillway-max-cost-usd': ['100', '0', '-1', 'free', '0.0000001', '1e3'],
  'x-spillway-lane': ['standard', 'bulk', 'interactive', 'fast'],
  'x-spillway-resume': ['continue', 'always', ''],
  traceparent: [
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'nonsense',
    `00-${'0'.repeat(32)}-x-01`,
  ],
  'anthropic-version': ['2023-06-01', '1999-01-01', ''],
  'anthropic-beta': ['prompt-caching-2024-07-31', 'computer-use-2025-01-24', ','],
};

/** One call: mostly bent in structure, often in bytes, at times whole; with headers that are mostly usual. */
export function fuzzedRequest(random: Random): FuzzedRequest {
  const seed = pick(random, seeds);
  const dice = random.next();
  const whole = dice < 0.1 ? seed.body : bentBody(random, seed.body, bodies);
  const bytes = encoder.encode(JSON.stringify(whole) ?? '');
  return {
    path: random.next() < 0.03 ? bentPath(random, seed.path) : seed.path,
    headers: headersOf(random),
    body: dice > 0.75 ? bentBytes(random, bytes) : bytes,
  };
}

function bentPath(random: Random, path: string): string {
  const at = 1 + Math.floor(random.next() * (path.length - 1));
  return pick(random, [
    `${path}/`,
    path.slice(0, at),
    `${path.slice(0, at)}%2F${path.slice(at)}`,
    path.replace('chat', 'chat%20'),
    path.replace('/v1/', '/v2/'),
    `${path}?for=/v1/nothing`,
    path.replace(/\/model\/[^/]+/, '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A%3Afoundation-model%2Fx'),
  ]);
}

function headersOf(random: Random): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(headerValues)) {
    const needed = name === 'authorization' || name === 'content-type';
    if (!needed && random.next() > 0.08) continue;
    const [usual] = values;
    headers[name] =
      random.next() < (needed ? 0.97 : 0.5) && usual !== undefined ? usual : pick(random, values);
  }
  return headers;
}
