import { afterEach, describe, expect, it } from 'vitest';
import { createUpstreamClient, type UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { type LoopbackUpstream, openLoopbackUpstream } from '#test/builders/loopback-upstream.ts';
import { bedrockTarget, modelCall, signalOf } from '#test/builders/model-call.ts';
import { fixedCredentials } from '#test/builders/upstream-client.ts';

let upstream: LoopbackUpstream | undefined;
let client: UpstreamClient | undefined;

afterEach(async () => {
  await client?.close();
  await upstream?.close();
});

async function open() {
  upstream = await openLoopbackUpstream((response) => {
    response.end('{}');
  });
  const now = () => Date.UTC(2026, 10, 21, 8);
  client = createUpstreamClient({ credentials: fixedCredentials, endpoint: upstream.endpoint, now });
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
