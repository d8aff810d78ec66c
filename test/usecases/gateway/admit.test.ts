import { expect, it } from 'vitest';
import { aGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering } from '#test/builders/scripted-invoker.ts';

const shared = aDedicatedTarget({ share: { 'us-east-1': 2 } });

async function world() {
  const made = aGateway({
    config: configWithoutBaseline(),
    routes: [aRoute({ targets: [shared, aTarget()] })],
  });
  await made.gateway.start();
  made.gateway.stop();
  made.invoker.script(shared.id, { afterMs: 50, ...answering() });
  return made;
}

it('keeps this gateway to its share of a dedicated target; the rest goes to the next tier', async () => {
  const { chat } = await world();
  const responses = await Promise.all(Array.from({ length: 5 }, () => chat()));
  const tiers = responses.map((response) => response.headers.get('x-spillway-tier')).sort();
  expect(tiers).toEqual(['dedicated', 'dedicated', 'serverless', 'serverless', 'serverless']);
});

it('gives a slot back however the answer ends: whole, streamed, or left by its caller', async () => {
  const { chat, invoker } = await world();
  await chat();
  await (await chat({ stream: true })).text();
  await (await chat({ stream: true })).body?.cancel();
  invoker.script(
    shared.id,
    { failsBefore: { service: 'sagemaker-runtime', kind: 'reset', phase: 'before', message: '' } },
    answering(),
  );
  await chat();
  const responses = await Promise.all([chat(), chat()]);
  expect(responses.map((response) => response.headers.get('x-spillway-tier'))).toEqual([
    'dedicated',
    'dedicated',
  ]);
});
