import { expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { createScriptedLedger } from '#test/builders/scripted-ledger.ts';

const here = 'us-east-1';

async function demandsOf(target: ReturnType<typeof aTarget>, lane = 'interactive') {
  const capacity = createScriptedLedger();
  const { chat } = await aStartedGateway([target, aTarget()], { overrides: { capacity } });
  await chat({}, { 'x-spillway-lane': lane });
  return capacity.demands;
}

it('names a lease after its request, and the share of this gateway region', async () => {
  const [demand] = await demandsOf(aDedicatedTarget({ share: { [here]: 5, 'eu-west-1': 9 } }));
  expect(demand).toMatchObject({ leaseId: 'request-1.0', limit: { slots: 5, copies: 1 }, kvTokens: 0 });
});

it('asks for memory where the target has a limit of it', async () => {
  const memory = { copies: 2, kvTokens: { [here]: 100_000 } };
  const [demand] = await demandsOf(aDedicatedTarget({ share: { [here]: 5 }, ...memory }));
  expect(demand?.limit).toMatchObject({ copies: 2, kvTokens: 100_000 });
  expect(demand?.kvTokens).toBeGreaterThan(0);
});

it('leaves a lower lane’s reserve free, but never so much that an empty target serves nobody', async () => {
  const [wide] = await demandsOf(aDedicatedTarget({ share: { [here]: 32 } }), 'bulk');
  const [narrow] = await demandsOf(aDedicatedTarget({ share: { [here]: 1 } }), 'bulk');
  expect(wide?.slotsReserved).toBeGreaterThan(0);
  expect(narrow?.slotsReserved).toBe(0);
});
