/** A provider's prompt cache is per region: a conversation with cache points stays where its beginning is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  chat,
  eventually,
  type JournalEntry,
  type SpillwayProcess,
  startSpillway,
} from './spillway-process.ts';

const regions = ['us-east-1', 'us-east-2', 'us-west-2'];

let spillway: SpillwayProcess;
beforeAll(async () => {
  spillway = await startSpillway({
    parameters: ['--discover-every', '3600'],
    config: {
      name: 'caching',
      home: { account: '111111111111', region: 'us-east-1' },
      accounts: [{ id: '111111111111', name: 'one', regions }],
      gateways: ['us-east-1'],
      residencies: { us: { jurisdictions: ['US'] } },
      models: { talk: { candidates: ['amazon.nova-pro-v1:0'] } },
      tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us', models: ['*'] } },
    },
  });
});
afterAll(() => spillway?.close());

const throttle = (region: string) =>
  spillway.control('PUT', 'faults', [{ service: 'bedrock-runtime', region, kind: 'throttle' }]);
const heal = () => spillway.control('DELETE', 'faults');

/** The regions that were called for one request, in their order; the last one answered. */
async function regionsAsked(path: string, body: Record<string, unknown>): Promise<readonly string[]> {
  const traceId = crypto.randomUUID().replaceAll('-', '');
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  const response = await chat(spillway.gatewayUrl('us-east-1'), { headers, body, path });
  await response.text();
  expect(response.status).toBe(200);
  const journal: readonly JournalEntry[] = await spillway.journal('?service=bedrock-runtime');
  return journal.filter(({ traceparent }) => traceparent?.includes(traceId)).map(({ region }) => region);
}

/** The next turn: the caller moves its mark to the end of what it says now. */
function conversation(first: string) {
  const said: { role: string; content: unknown }[] = [];
  return async (text: string = first): Promise<readonly string[]> => {
    const marked = { type: 'text', text, cache_control: { type: 'ephemeral' } };
    const messages = [...said, { role: 'user', content: [marked] }];
    const asked = await regionsAsked('/v1/messages', { model: 'talk', max_tokens: 50, messages });
    said.push({ role: 'user', content: text }, { role: 'assistant', content: 'So it is.' });
    return asked;
  };
}

const plainTurn = () => regionsAsked('/v1/chat/completions', { model: 'talk' });
const keyed = (key: string) => regionsAsked('/v1/chat/completions', { model: 'talk', prompt_cache_key: key });

/** Until what rests after a throttle is asked again, by calls that no cache holds elsewhere. */
const untilHome = () =>
  eventually(
    async () => ((await plainTurn()).at(-1) === 'us-east-1' ? true : undefined),
    'the return of the nearest region',
  );

describe('a conversation with cache points', () => {
  it('stays in one region for its turns, moves when that is throttled, and stays where it went', async () => {
    const turn = conversation('Tell me of dams.');
    const early = [await turn(), await turn('And of spillways?'), await turn('And of rivers?')];
    expect(early).toEqual([['us-east-1'], ['us-east-1'], ['us-east-1']]);

    await throttle('us-east-1');
    const moving = await turn('Go on.');
    const moved = moving.at(-1);
    expect(moved).not.toBe('us-east-1');
    expect(regions).toContain(moved);
    await heal();
    await untilHome();

    expect([await turn('And then?'), await turn('And at last?')]).toEqual([[moved], [moved]]);
    expect([await plainTurn(), await conversation('Tell me of locks.')()]).toEqual([
      ['us-east-1'],
      ['us-east-1'],
    ]);

    await throttle(String(moved));
    const again = await turn('Once more.');
    expect([again[0], again.at(-1)]).toEqual([moved, expect.not.stringMatching(String(moved))]);
    await heal();
  });
});

describe('a prompt_cache_key', () => {
  it('holds its calls where they were served, and no others', async () => {
    await untilHome();
    await throttle('us-east-1');
    const moved = (await keyed('room-1')).at(-1);
    expect(moved).not.toBe('us-east-1');
    await heal();
    await untilHome();
    expect([await keyed('room-1'), await keyed('room-1')]).toEqual([[moved], [moved]]);
    expect(await keyed('room-2')).toEqual(['us-east-1']);
  });
});
