/** Clients make tools strict unasked: a model that cannot be strict is asked without, and every trail says so. */
import { expect, it } from 'vitest';
import type { SourceBody } from '#core/chat/source-body.ts';
import { aStartedGateway, type TestGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal } from '#test/builders/scripted-invoker.ts';

const able = aTarget({ modelId: 'anthropic.claude-haiku-4-5', capabilities: { jsonSchema: true } });
const unable = aTarget({ capabilities: { jsonSchema: false } });
const unknown = aTarget({ region: 'us-west-2', capabilities: {} });

const messages = [{ role: 'user', content: 'Hello' }];
const parameters = { type: 'object', properties: {} };
const strictTools = [{ type: 'function', function: { name: 'look', strict: true, parameters } }];
const converse = (strict: boolean) => ({
  messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
  toolConfig: { tools: [{ toolSpec: { name: 'look', inputSchema: { json: parameters }, strict } }] },
});
const away = aSignal({ kind: 'connect' });
const refusal = aSignal({
  errorName: 'ValidationException',
  httpStatus: 400,
  message: 'tools.0.custom.strict: Extra inputs are not permitted',
});

/** Of each call in order: its target, and whether its tools were strict. */
const asked = ({ invoker }: TestGateway) =>
  invoker.calls.map(({ target, call }) => [
    target,
    'request' in call && 'tools' in call.request && call.request.tools?.specifications[0]?.strict,
  ]);

it('a model known to have no structured outputs is asked without, one that has them with', async () => {
  const made = await aStartedGateway([
    { ...able, position: 0 },
    { ...unable, position: 1 },
  ]);
  made.invoker.script(able.id, { failsBefore: away });
  expect((await made.chat({ tools: strictTools })).status).toBe(200);
  expect(new Map(asked(made) as [string, unknown][])).toEqual(
    new Map([
      [able.id, true],
      [unable.id, undefined],
    ]),
  );
  const told = made.records[0]?.attempts.map(({ target, dropped }) => [target, dropped]);
  expect(told?.at(0)).toEqual([able.id, undefined]);
  expect(told?.at(-1)).toEqual([unable.id, ['strict-tools']]);
  const line = made.lines.find(({ event }) => event === 'request');
  expect(JSON.stringify(line)).toContain(`${unable.id} answered without strict-tools`);
});

it('explain names the targets that are asked without', async () => {
  const made = await aStartedGateway([able, unable]);
  const explained = async (tools: readonly unknown[] | undefined) =>
    (await made.post('/spillway/v1/explain', { model: 'chat-small', messages, tools })).json();
  const dropped = [{ target: unable.id, feature: 'strict-tools' }];
  expect(await explained(strictTools)).toMatchObject({ decision: 'routed', removed: [], dropped });
  expect(await explained(undefined)).not.toHaveProperty('dropped');
});

it('a refusal that nobody knew of is answered by asking the same target without, and believed for an hour', async () => {
  const made = await aStartedGateway([unknown]);
  made.invoker.script(unknown.id, { failsBefore: refusal }, answering());
  for (const attempts of ['2', '1']) {
    const answer = await made.chat({ tools: strictTools });
    expect([answer.status, answer.headers.get('x-spillway-attempts')]).toEqual([200, attempts]);
  }
  made.clock.advance(3_600_000);
  await made.chat({ tools: strictTools });
  expect(asked(made).map(([, strict]) => strict)).toEqual([true, undefined, undefined, true]);
});

it('a Converse body goes as it came, but where its tools may not be strict', async () => {
  const sources = async (target: typeof able, strict: boolean) => {
    const made = await aStartedGateway([target]);
    expect((await made.post('/model/chat-small/converse', converse(strict))).status).toBe(200);
    return made.invoker.calls.map(({ call }) => (call as { source?: SourceBody }).source?.members);
  };
  expect(await sources(able, true)).toEqual([converse(true)]);
  expect(await sources(unable, false)).toEqual([converse(false)]);
  expect(await sources(unable, true)).toEqual([undefined]);
});
