import { describe, expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';
import { refusalOf } from '#test/builders/gateway-refusal.ts';
import { BODY_BYTES_MAX } from '#usecases/gateway/read-body.ts';

const messages = [{ role: 'user', content: 'hello' }];
const good = { model: 'chat-small', messages };

describe('a body', () => {
  it.each([
    ['is empty', ''],
    ['is cut', '{"model":"chat-small","messages":[{"role":"us'],
    ['is no object', '[]'],
    ['is null', 'null'],
    ['is nested too deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    [
      'is deep inside a schema',
      JSON.stringify({ ...good, metadata: JSON.parse(`${'{"a":'.repeat(80)}1${'}'.repeat(80)}`) }),
    ],
    [
      'tries the prototype',
      '{"model":"chat-small","messages":[{"role":"user","content":"x"}],"__proto__":{"a":1}}',
    ],
  ])('that %s is a clear 400', async (_, body) => {
    const { post, invoker } = aGateway();
    const refusal = await refusalOf(await post('/v1/chat/completions', body));
    expect(refusal).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(invoker.calls).toEqual([]);
  });

  it('that is not UTF-8, or compressed, is a clear 400', async () => {
    const { gateway } = aGateway();
    const send = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      gateway.handle(
        new Request('http://gateway.test/v1/chat/completions', {
          method: 'POST',
          body,
          headers: { authorization: 'Bearer sk-local', ...headers },
        }),
      );
    expect((await send(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]))).status).toBe(400);
    expect((await send(new Uint8Array([0x7b, 0x7d]), { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  it('that is too large is 413, and reading stops', async () => {
    const { gateway } = aGateway();
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1_000_000;
        controller.enqueue(new Uint8Array(1_000_000).fill(0x20));
      },
    });
    const init = {
      method: 'POST',
      body,
      headers: { authorization: 'Bearer sk-local' },
      duplex: 'half' as const,
    };
    const response = await gateway.handle(new Request('http://gateway.test/v1/chat/completions', init));
    expect(await refusalOf(response)).toMatchObject({ status: 413, code: 'request_too_large' });
    expect(sent).toBeLessThan(BODY_BYTES_MAX + 3_000_000);
  });
});
