import { describe, expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal } from '#test/builders/scripted-invoker.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

describe('a wait that the caller’s own deadline ended', () => {
  it.each(['5', '200'])('of %s ms cannot drive a target out that was never that fast', async (deadlineMs) => {
    const { chat, invoker } = await aStartedGateway([east, west]);
    invoker.script(east.id, { afterMs: 400, ...answering() });
    invoker.script(west.id, { afterMs: 400, ...answering() });
    for (let index = 0; index < 20; index += 1) {
      expect((await chat({}, { 'x-spillway-deadline-ms': deadlineMs })).status).toBe(504);
    }
    expect((await chat()).headers.get('x-spillway-target')).toBe(east.id);
  });

  it('does so when the target hangs past its own pace', async () => {
    const { chat, invoker } = await aStartedGateway([east, west]);
    for (let index = 0; index < 10; index += 1) await chat();
    invoker.script(east.id, { hangs: 'before' });
    for (let index = 0; index < 4; index += 1) await chat({}, { 'x-spillway-deadline-ms': '600' });
    expect(invoker.calls.slice(10).filter(({ target }) => target === east.id)).toHaveLength(2);
  });
});

it('leaves an account alone whose role cannot be assumed, and asks it at once when nothing else is left', async () => {
  const foreign = aTarget({ account: '222222222222' });
  const other = aTarget({ account: '222222222222', region: 'us-west-2' });
  const { chat, invoker } = await aStartedGateway([foreign, other]);
  const refused = { failsBefore: aSignal({ kind: 'credentials' }) };
  invoker.script(foreign.id, refused, answering());
  invoker.script(other.id, refused, answering());
  expect((await chat()).status).toBe(502);
  expect((await chat()).status).toBe(200);
});

describe('a count that fails', () => {
  const count = { model: 'chat-small', messages: [{ role: 'user', content: 'x' }] };
  const path = '/v1/messages/count_tokens';

  it.each([
    ['denied', { errorName: 'AccessDeniedException', httpStatus: 403 }],
    ['throttled', { errorName: 'ThrottlingException', httpStatus: 429 }],
    [
      'unknown to CountTokens',
      { errorName: 'ValidationException', httpStatus: 400, message: "doesn't support counting tokens" },
    ],
  ])('because it is %s moves on, and leaves the chats of its target alone', async (_, signal) => {
    const { post, chat, invoker, routes } = await aStartedGateway([east, west]);
    invoker.script(east.id, { failsBefore: aSignal(signal) }, answering());
    const counted = await post(path, count);
    expect(counted.headers.get('x-spillway-target')).toBe(west.id);
    expect((await chat()).headers.get('x-spillway-target')).toBe(east.id);
    expect(await routes.loadSignals()).toEqual([]);
  });

  it('everywhere in the same way says so: nobody can count it', async () => {
    const { post, invoker } = await aStartedGateway([east, west]);
    const unknown = {
      failsBefore: aSignal({
        errorName: 'ValidationException',
        message: 'no counting tokens: does not support counting tokens',
      }),
    };
    invoker.script(east.id, unknown);
    invoker.script(west.id, unknown);
    const response = await post(path, count);
    expect([
      response.status,
      ((await response.json()) as { error: { message: string } }).error.message,
    ]).toEqual([400, expect.stringContaining('counting-unsupported')]);
  });

  it('because its region is gone counts for everybody', async () => {
    const { post, chat, invoker } = await aStartedGateway([east, west]);
    invoker.script(east.id, { failsBefore: aSignal({ kind: 'connect' }) });
    for (let index = 0; index < 6; index += 1) await post(path, count);
    expect((await chat()).headers.get('x-spillway-target')).toBe(west.id);
  });
});

describe('what a caller has a target say of itself', () => {
  const path = '/model/chat-small/converse';
  const messages = [{ role: 'user', content: [{ text: 'Hello' }] }];
  const echoed = (words: string) =>
    aSignal({
      errorName: 'ValidationException',
      httpStatus: 400,
      message: `The model returned the following errors: ${words}: Extra inputs are not permitted`,
    });

  it.each(['use case details', 'on-demand throughput', 'support tool use', 'prompt caching'])(
    'by a field named "%s" holds for its own call alone',
    async (words) => {
      const { post, chat, invoker, routes, records } = await aStartedGateway([east, west]);
      invoker.script(east.id, { failsBefore: echoed(words) }, answering());
      await post(path, { messages, additionalModelRequestFields: { [words]: 1 } });
      expect(records[0]?.attempts[0]?.target).toBe(east.id);
      const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
      expect((await chat({ tools })).headers.get('x-spillway-target')).toBe(east.id);
      expect(await routes.loadSignals()).toEqual([]);
    },
  );

  it('in its own words holds for all', async () => {
    const { chat, invoker, routes } = await aStartedGateway([east, west]);
    invoker.script(east.id, { failsBefore: echoed('use case details') }, answering());
    await chat();
    expect((await chat()).headers.get('x-spillway-target')).toBe(west.id);
    expect(await routes.loadSignals()).toHaveLength(1);
  });

  it('by a guardrail that may not be used says nothing of the target', async () => {
    const routed = [aRoute({ targets: [east, west], residency: 'anywhere' })];
    const { post, chat, invoker, routes } = await aStartedGateway([], { routes: routed });
    const denied = { failsBefore: aSignal({ errorName: 'AccessDeniedException', httpStatus: 403 }) };
    invoker.script(east.id, denied, answering());
    const guardrailConfig = { guardrailIdentifier: 'abcdefgh', guardrailVersion: '1' };
    const anywhere = { 'x-spillway-residency': 'anywhere' };
    await post(path, { messages, guardrailConfig }, anywhere);
    expect(invoker.calls[0]?.target).toBe(east.id);
    expect((await chat({}, anywhere)).headers.get('x-spillway-target')).toBe(east.id);
    expect(await routes.loadSignals()).toEqual([]);
  });
});
