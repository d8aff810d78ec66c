/** How tokens are drawn is a need: such a call is served where it can be, and nowhere else. */
import { describe, expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const dedicated = aDedicatedTarget();
const serverless = aTarget();
const fields = { seed: 7, frequency_penalty: 0.5, presence_penalty: 0.5, logit_bias: { 12: 1 } };
const each = Object.entries(fields).map(([name, value]) => [name, { [name]: value }] as const);
const refused = { kind: 'connect', phase: 'before', service: 'sagemaker-runtime', message: 'away' } as const;

describe.each(each)('a chat with %s', (name, body) => {
  it('is answered by an endpoint that speaks OpenAI’s format', async () => {
    const { chat, invoker } = await aStartedGateway([serverless, dedicated]);
    expect((await chat(body)).status).toBe(200);
    expect(invoker.calls.map(({ target }) => target)).toEqual([dedicated.id]);
    expect(invoker.calls[0]?.call).toMatchObject({ source: { members: body } });
  });

  it('does not fail over to serverless capacity', async () => {
    const { chat, invoker } = await aStartedGateway([dedicated, serverless]);
    invoker.script(dedicated.id, { failsBefore: refused });
    expect((await chat(body)).status).toBe(502);
    expect(new Set(invoker.calls.map(({ target }) => target))).toEqual(new Set([dedicated.id]));
    expect((await chat({})).status).toBe(200);
  });

  it('is refused by the name of the field where the route has no endpoint', async () => {
    const { chat, invoker } = await aStartedGateway([serverless]);
    const answer = await chat(body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(`capability-missing (${name})`);
    expect(invoker.calls).toEqual([]);
  });

  it('is explained by that name', async () => {
    const { post } = await aStartedGateway([dedicated, serverless]);
    const messages = [{ role: 'user', content: 'hello' }];
    const answer = await post('/spillway/v1/explain', { model: 'chat-small', messages, ...body });
    const removed = expect.objectContaining({ target: serverless.id, missing: [name] });
    expect(await answer.json()).toMatchObject({ removed: expect.arrayContaining([removed]) });
  });
});
