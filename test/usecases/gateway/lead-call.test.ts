import { expect, it } from 'vitest';
import { needsOf } from '#core/call/work.ts';
import type { Target } from '#core/target.ts';
import { aGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import type { AskedWork } from '#usecases/gateway/dialects/dialect.ts';
import { leadCall } from '#usecases/gateway/lead-call.ts';
import { openServices } from '#usecases/gateway/open-services.ts';
import { place } from '#usecases/gateway/place.ts';

const tenant = { name: 'demo', residencies: ['us'], defaultResidency: 'us', models: ['*'] };
const target = aTarget();

/** A call that came by no wire format. */
const work: AskedWork = {
  kind: 'chat',
  stream: false,
  request: {
    model: 'chat-small',
    system: [],
    messages: [{ role: 'user', content: [{ text: 'hello' }] }],
    inference: { maxTokens: 5 },
  },
  writer: {
    whole: (_identity, answer) => ({ body: { text: answer.blocks, told: answer.usage } }),
    stream: () => {
      throw new Error('nobody asked for a stream');
    },
  },
};

async function lead(targets: readonly Target[] = [target]) {
  const made = aGateway({ config: configWithoutBaseline(), routes: [aRoute({ targets })] });
  const services = openServices(made.dependencies);
  await services.routeSource.start();
  services.routeSource.stop();
  const placed = place(services, tenant, null);
  const modelConfig = services.config.models['chat-small'];
  if (!placed.ok || modelConfig === undefined) throw new Error('the example has no such model or residency');
  const answer = await leadCall(services, {
    arrival: {
      request: {
        method: 'POST',
        url: 'http://gateway.test/',
        headers: new Headers(),
        signal: new AbortController().signal,
        body: null,
      },
      url: new URL('http://gateway.test/'),
      requestId: 'request-1',
      at: made.clock.now(),
      startedMs: made.clock.monotonicMs(),
    },
    placement: placed.value,
    call: {
      work,
      modelConfig,
      needs: needsOf(work),
      options: { lane: 'standard', laneNamed: false, resume: false },
      origin: 'somebody',
    },
    errors: { body: ({ code }) => ({ code }), headers: () => ({}) },
  });
  return { ...made, answer };
}

it('leads a call that came by no wire format to its answer, and settles it once', async () => {
  const { answer, invoker, records } = await lead();
  expect([answer.status, answer.headers.get('x-spillway-target')]).toEqual([200, target.id]);
  expect(answer.body).toContain('told');
  expect(invoker.calls.map((call) => call.target)).toEqual([target.id]);
  expect(records.map(({ outcome, residency }) => [outcome, residency])).toEqual([['answered', 'us']]);
});

it('refuses in the form of whoever brought it where nobody may answer', async () => {
  const { answer, invoker, records } = await lead([]);
  expect([answer.status, answer.body]).toEqual([403, JSON.stringify({ code: 'no_lawful_target' })]);
  expect([invoker.calls.length, records.length]).toEqual([0, 1]);
});
