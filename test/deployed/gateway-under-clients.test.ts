/** The gateway's bundle under both clients of the Runtime API, by way of the REST API: what the one streams, the other does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import regulated from '#examples/regulated.config.ts';
import { type HazardGateway, type HazardWorld, openHazardWorld } from '#test/builders/hazard-world.ts';
import { runtimeClients } from '#test/builders/runtime-clients.ts';

let world: HazardWorld;

beforeAll(async () => {
  world = await openHazardWorld();
  // What comes after the third piece comes later: it cannot arrive in one with the first.
  const stall = { kind: 'stall-stream', afterChunks: 3, milliseconds: 300 };
  const stalled = ['sagemaker-runtime', 'bedrock-runtime'].map((service) => ({ service, ...stall }));
  // Of the audit trail alone.
  await world.setFaults([...stalled, { service: 'sqs', kind: 'hang' }]);
});

afterAll(() => world?.close());

const messages = [{ role: 'user', content: 'Tell me of the sea.' }];
const said = { messages: [{ role: 'user', content: [{ text: 'Tell me of the sea.' }] }] };

const streams: readonly (readonly [string, object, string, string])[] = [
  ['/v1/chat/completions', { model: 'chat-small', messages, stream: true }, 'text/event-stream', '[DONE]'],
  [
    '/v1/messages',
    { model: 'chat-small', max_tokens: 64, messages, stream: true },
    'text/event-stream',
    'message_stop',
  ],
  ['/model/chat-small/converse-stream', said, 'application/vnd.amazon.eventstream', 'messageStop'],
];

describe.each(runtimeClients)('the gateway under $name', ({ skip, ...host }) => {
  describe.skipIf(skip !== undefined)(skip ?? 'serves every dialect', () => {
    let gateway: HazardGateway;

    beforeAll(async () => {
      gateway = await world.openGateway({ host });
    });

    it.each(streams)('streaming at %s', async (path, body, type, last) => {
      const answer = await gateway.post(path, body);
      const pieces: Uint8Array[] = [];
      for await (const piece of answer.body ?? []) pieces.push(piece);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        expect.stringContaining(type),
      ]);
      expect(Buffer.concat(pieces).toString()).toContain(last);
      expect(pieces.length).toBeGreaterThan(1);
    });

    it('in one piece, and refuses in its own words', async () => {
      const chat = await gateway.chat();
      expect([chat.status, await chat.json()]).toMatchObject([200, { object: 'chat.completion' }]);
      const refused = await gateway.chat({ headers: { authorization: 'Bearer sk-wrong' } });
      expect([refused.status, await refused.json()]).toMatchObject([
        401,
        { error: { code: 'invalid_api_key' } },
      ]);
    });

    it('and ends its answers while the queue of the audit trail hangs: their records are in the log when the invocations end', async () => {
      const environment = { SPILLWAY_CONFIG: JSON.stringify(regulated), SPILLWAY_ACCOUNT: '111111111111' };
      const { chat, ...audited } = await world.openGateway({ host, spec: { environment } });
      const told = () =>
        audited.host
          .environments(audited.arn)
          .map(({ state, log }) => ({ state, isTold: log.includes('audit-record-unsent') }));
      const both = [false, true].map((stream) => chat({ body: { stream } }));
      const [whole, streamed] = await Promise.all(both.map(async (answer) => (await answer).text()));
      expect(whole).toContain('chat.completion');
      expect(streamed).toContain('[DONE]');
      const busy = { state: 'busy', isTold: false };
      expect(told()).toEqual([busy, busy]);
      const patiently = { timeout: 20_000 };
      await expect.poll(() => told().map(({ state }) => state), patiently).toEqual(['idle', 'idle']);
      expect(told().map(({ isTold }) => isTold)).toEqual([true, true]);
    });
  });
});
