/** The memory of one endpoint over real sockets: what an answer has outgrown its expectation by is lent to nobody. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemClock } from '#adapters/system/system-clock.ts';
import { openSlotsWorld, type SlotsGateway, type SlotsWorld } from '#test/builders/slots-world.ts';

const KV_TOKENS = 2_400;
/** The most that the long answer may come to. After so many chunks of it, more than half, none come. */
const LONG = { maxTokens: 2_000, chunks: 700 };
/** What fits into the memory beside what is expected of the long answer, and not beside what it has come to. */
const WIDE = `Count these: ${'one '.repeat(800)}`;

let world: SlotsWorld;
let gateway: SlotsGateway;

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

beforeAll(async () => {
  world = await openSlotsWorld();
  gateway = await world.openGateway({ patience: 50, kvTokens: KV_TOKENS });
});

afterAll(() => world.close());

const ask = (content: string, maxTokens: number, signal?: AbortSignal) =>
  gateway.chat({
    body: { messages: [{ role: 'user', content }], max_tokens: maxTokens },
    ...(signal === undefined ? {} : { signal }),
  });

const tierOf = ({ headers }: Response): string | null => headers.get('x-spillway-tier');

it('grows what a long answer holds while it is written, and gives all of it back', async () => {
  // Of so many answers the length of the next one is known.
  for (let index = 0; index < 25; index += 1) {
    const short = await ask('Reply with "Yes."', LONG.maxTokens);
    expect([tierOf(short), await short.text()]).toEqual(['dedicated', expect.stringContaining('[DONE]')]);
  }
  await world.setFaults([{ service: 'sagemaker-runtime', kind: 'stall-stream', afterChunks: LONG.chunks }]);
  const leave = new AbortController();
  const long = await ask('Describe the sea in 2000 words.', LONG.maxTokens, leave.signal);
  expect(tierOf(long)).toBe('dedicated');
  const reader = long.body?.getReader();
  const reading = (async () => {
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read());
  })().catch(() => undefined);
  await until(async () => (await world.kvTokensHeld()) >= LONG.maxTokens);
  expect(await world.kvTokensHeld()).toBeLessThanOrEqual(KV_TOKENS);
  await world.setFaults([]);
  const wide = await ask(WIDE, 16);
  expect([tierOf(wide), await wide.text()]).toEqual(['serverless', expect.stringContaining('[DONE]')]);
  leave.abort();
  await reading;
  await until(async () => (await world.kvTokensHeld()) === 0);
  const again = await ask(WIDE, 16);
  expect([tierOf(again), await again.text()]).toEqual(['dedicated', expect.stringContaining('[DONE]')]);
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 40_000; !(await isSo()); await systemClock.sleep(10))
    if (Date.now() > deadline) throw new Error('it did not come so far');
}
