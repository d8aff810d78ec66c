import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  changedStack,
  type DeployedFleet,
  euAccount,
  homeAccount,
  openFleet,
  type SynthesizedFleet,
  stackOf,
  synthesizeFleet,
} from '#test/builders/deployed-fleet.ts';
import {
  namedInput,
  namedStacks,
  namesStack,
  refusedNames,
  residencyNames,
  strayRecord,
  zones,
} from '#test/builders/named-fleet.ts';

let synthesized: SynthesizedFleet;
let fleet: DeployedFleet;
beforeAll(async () => {
  synthesized = synthesizeFleet({ bundles: false, input: namedInput });
  fleet = await openFleet(synthesized.assembly, { zones });
  for (const id of namedStacks) await fleet.deploy([id]);
}, 60_000);
afterAll(async () => {
  await fleet?.close();
  synthesized?.close();
});

const placesOf = (name: string) =>
  fleet.cloud.names.resolve(name).map(({ account, region, stage }) => [account, region, stage]);

describe('a name of the deployed fleet', () => {
  it('of a residency leads to gateways inside it, and to no other', () => {
    expect(placesOf(residencyNames.us)).toEqual([[homeAccount, 'us-east-1', 'live']]);
    expect(placesOf(residencyNames.eu)).toEqual([[euAccount, 'eu-central-1', 'live']]);
  });

  it('of a gateway leads to that gateway, by a record in the zone of its own account', () => {
    expect(placesOf('us-east-1.llm.example.com')).toEqual([[homeAccount, 'us-east-1', 'live']]);
    expect(placesOf('eu-central-1.gateways.example.eu')).toEqual([[euAccount, 'eu-central-1', 'live']]);
  });

  it('is the base URL that the stack tells', () => {
    const { account, region, stackName } = stackOf(synthesized.assembly, 'Gateway-eu-central-1');
    const url = fleet.deployment.stacks.get(`${account}/${region}/${stackName}`)?.outputs.get('BaseUrl');
    expect(url).toBe('https://eu-central-1.gateways.example.eu/v1');
    expect(placesOf(new URL(url ?? '').hostname)).toHaveLength(1);
  });

  it('whose record is changed by hand to a gateway outside the residency is answered by nobody there', async () => {
    await fleet.deployment.deploy(changedStack(synthesized.assembly, namesStack, strayRecord));
    expect(placesOf(residencyNames.eu)).toEqual([]);
    await fleet.deployment.deploy(stackOf(synthesized.assembly, namesStack));
    expect(placesOf(residencyNames.eu)).toHaveLength(1);
  });

  it.each(refusedNames)('stays as it is where an update brings $what', async ({ stack, change, says }) => {
    const changed = changedStack(synthesized.assembly, stack, change);
    await expect(fleet.deployment.deploy(changed)).rejects.toThrow(says);
    for (const name of Object.values(residencyNames)) expect(placesOf(name)).toHaveLength(1);
  });
});
