/** The gateway's bundle under both clients of the Runtime API, by way of the REST API: what the one streams, the other does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HazardGateway, type HazardWorld, openHazardWorld } from '#test/builders/hazard-world.ts';
import { runtimeClients } from '#test/builders/runtime-clients.ts';

let world: HazardWorld;

beforeAll(async () => {
  world = await openHazardWorld();
  // What comes after the third piece comes later: it cannot arrive in one with the first.
  const stall = { kind: 'stall-stream', afterChunks: 3, milliseconds: 300 };
  await world.setFaults(['sagemaker-runtime', 'bedrock-runtime'].map((service) => ({ service, ...stall })));
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
  });
});
