import { expect, it } from 'vitest';
import { readScenario } from '#cli/simulate/read-scenario.ts';
import { aScenario } from '#test/builders/a-swarm-run.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const where = { file: 'swarm-7.json', config: acmeConfig() };

it('reads what a failed run left behind', () => {
  expect(readScenario(JSON.stringify(aScenario()), where)).toEqual(aScenario());
});

it.each([
  ['no JSON', 'seed: 7', 'swarm-7.json is no JSON'],
  ['no scenario', '{"seed":""}', 'seed: '],
  [
    'a region that the configuration does not have',
    JSON.stringify(
      aScenario({ faults: [{ kind: 'planted', region: 'us-west-2', fromSeconds: 0, untilSeconds: 1 }] }),
    ),
    'faults.0.region: us-west-2 is none of us-east-1, eu-central-1, ap-northeast-1, eu-west-1',
  ],
])('refuses %s and says why', (_, text, why) => {
  expect(() => readScenario(text, where)).toThrow(why);
});
