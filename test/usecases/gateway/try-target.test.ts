import { describe, expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering } from '#test/builders/scripted-invoker.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

describe('one call', () => {
  it('carries the bound on output, the trace and the connect deadline', async () => {
    const { chat, invoker } = await aStartedGateway([east]);
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await chat({ max_tokens: 12 }, { traceparent });
    expect(invoker.calls[0]?.call).toMatchObject({
      maxTokens: 12,
      traceparent: expect.stringMatching(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/),
      connectMsMax: 1000,
      target: { id: east.id },
    });
  });

  it('streams from the target for plain callers too, so that a stall moves them on', async () => {
    const { chat, invoker } = await aStartedGateway([east, west]);
    invoker.script(east.id, { ...answering(['Hello', ' again']), delaysMs: [0, 0, 16_000] });
    expect((await chat()).headers.get('x-spillway-target')).toBe(west.id);
    expect(invoker.calls[0]?.aborted).toBe(true);
  });
});

it('meets a defect of the gateway with a 500 that tells nothing of it', async () => {
  const tenants = {
    identify: () => {
      throw new TypeError('a secret detail');
    },
  };
  const { chat, lines } = await aStartedGateway([east], { overrides: { tenants } });
  const response = await chat();
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'internal_error', type: 'server_error' } });
  expect(lines.map(({ event }) => event)).toEqual(['internal-error']);
  expect(`${text} ${JSON.stringify(lines)}`).not.toContain('secret detail');
});
