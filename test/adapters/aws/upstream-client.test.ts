import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccountCredentials } from '#adapters/aws/account-credentials.ts';
import { createUpstreamClient, type UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import {
  type Answer,
  type LoopbackUpstream,
  openLoopbackUpstream,
} from '#test/builders/loopback-upstream.ts';
import { bedrockTarget, modelCall, signalOf } from '#test/builders/model-call.ts';
import { fixedCredentials } from '#test/builders/upstream-client.ts';

let upstream: LoopbackUpstream | undefined;
let client: UpstreamClient | undefined;

afterEach(async () => {
  await client?.close();
  await upstream?.close().catch(() => undefined);
});

async function open(credentials = fixedCredentials, answer: Answer = (response) => void response.end('{}')) {
  upstream = await openLoopbackUpstream(answer);
  const now = () => Date.UTC(2026, 10, 21, 8);
  client = createUpstreamClient({ credentials, endpoint: upstream.endpoint, now });
  return { upstream, client };
}

const call = {
  ...modelCall(),
  path: '/model/a%3A0/converse',
  headers: { 'content-type': 'application/json' },
  body: '{}',
};

describe('the upstream client', () => {
  it("signs with the credentials, for the region and at the time of the target's call", async () => {
    const { upstream, client } = await open();
    const target = bedrockTarget({ account: '333333333333', region: 'ap-northeast-1' });
    const { status, body } = await client.send({ ...call, target });
    body.destroy();
    expect(status).toBe(200);
    const { headers } = upstream.calls[0] ?? {};
    expect(headers?.['x-amz-date']).toBe('20261121T080000Z');
    expect(headers?.authorization).toContain(
      'Credential=LKIA333333333333/20261121/ap-northeast-1/bedrock/aws4_request',
    );
  });

  it('sends the trace context outside the signature', async () => {
    const { upstream, client } = await open();
    (await client.send({ ...call, traceparent: '00-a-b-01' })).body.destroy();
    const { headers } = upstream.calls[0] ?? {};
    expect(headers?.traceparent).toBe('00-a-b-01');
    expect(headers?.authorization).not.toContain('traceparent');
  });

  it('signs once more with fresh credentials where the service refuses those it had, and never twice', async () => {
    let age = 0;
    const identities: AccountCredentials = {
      load: async () => ({
        accessKeyId: `LKIA${age}`,
        secretAccessKey: 'local',
        sessionToken: `token-${age}`,
      }),
      forget: () => {
        age += 1;
      },
    };
    const refuse = (response: ServerResponse) => {
      response.writeHead(403, { 'x-amzn-errortype': 'ExpiredTokenException' }).end('{}');
    };
    const good = (response: ServerResponse) => void response.end('{}');
    for (const [answers, ending] of [
      [[refuse, good], 200],
      [[refuse, refuse, good], 'ExpiredTokenException'],
    ] as const) {
      const { upstream, client } = await open(identities, (response) =>
        answers[upstream.calls.length - 1]?.(response),
      );
      let sent = 0;
      const onSent = () => {
        sent += 1;
      };
      const sending = client.send({ ...call, onSent });
      if (ending === 200) (await sending).body.destroy();
      else expect(await signalOf(sending)).toMatchObject({ errorName: ending });
      expect(upstream.calls.map(({ headers }) => headers['x-amz-security-token'])).toHaveLength(2);
      expect(new Set(upstream.calls.map(({ headers }) => headers['x-amz-security-token'])).size).toBe(2);
      expect(sent).toBe(2);
      await client.close();
      await upstream.close();
    }
  });

  it('fetches credentials ahead without a word to the target, and keeps their failure for the call', async () => {
    const loaded: string[] = [];
    const failing: AccountCredentials = {
      load: async (account) => {
        loaded.push(account);
        throw new Error('the role cannot be assumed');
      },
      forget: () => undefined,
    };
    await open(failing, () => expect.fail('nothing was to be sent'));
    client?.prepare(bedrockTarget());
    await new Promise(setImmediate);
    expect(loaded).toEqual([bedrockTarget().account]);
  });

  it('does not send again what is refused where there are no other credentials', async () => {
    const { upstream, client } = await open(fixedCredentials, (response) => {
      response.writeHead(403, { 'x-amzn-errortype': 'ExpiredTokenException' }).end('{}');
    });
    expect(await signalOf(client.send(call))).toMatchObject({ errorName: 'ExpiredTokenException' });
    expect(upstream.calls).toHaveLength(1);
  });

  it.each([
    // A label may have 63 characters: no resolver is asked for a longer one, so that the answer needs no network.
    ['whose name is not found', () => `https://${'x'.repeat(64)}.invalid`, /ENOTFOUND/],
    [
      'whose port answers TLS in plain text',
      (plain: string) => plain.replace('http:', 'https:'),
      /SSL|EPROTO|TLS/,
    ],
  ] as const)('reaches no address %s, and says that no request left', async (_, endpointOf, told) => {
    const { upstream } = await open();
    const lost = createUpstreamClient({
      credentials: fixedCredentials,
      endpoint: endpointOf(upstream.endpoint),
    });
    let sent = 0;
    const onSent = () => {
      sent += 1;
    };
    const signal = await signalOf(lost.send({ ...call, onSent }));
    await lost.close();
    expect(signal).toMatchObject({ kind: 'connect', phase: 'before', message: expect.stringMatching(told) });
    expect([sent, upstream.calls.length]).toEqual([0, 0]);
    expect(classifyFailure(signal)).toMatchObject({ outcome: 'connect-failed', class: 'broken' });
  });

  it('sends nothing once it is closed', async () => {
    const { upstream, client } = await open();
    await client.close();
    expect(await signalOf(client.send(call))).toMatchObject({
      kind: 'connect',
      message: 'the client is closed',
    });
    expect(upstream.calls).toHaveLength(0);
  });
});
