import { describe, expect, it } from 'vitest';
import { checkConfig } from '#core/config/check-config.ts';
import { checkDeployments } from '#core/config/check-deployments.ts';
import { type DeployedChanges, deployedConfig } from '#test/builders/deployed-config.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const first = 'models.chat-small.dedicated[0]';

const findingsOf = (changes: DeployedChanges) =>
  checkDeployments(deployedConfig(changes), shippedFacts).errors.map(
    ({ path, message }) => `${path}: ${message}`,
  );

describe('endpoints that Spillway deploys', () => {
  it('are lawful beside each other, with and without the cache as a reason to scale', () => {
    expect(checkConfig(deployedConfig({ deploy: { targetKvShare: 0.5 } }), shippedFacts).errors).toEqual([]);
  });

  it.each<[string, DeployedChanges, string]>([
    ['no component', { entry: { component: undefined } }, `${first}.component: is needed with deploy`],
    [
      'a container of another format',
      { entry: { api: 'tgi', chatTemplate: 'chatml' } },
      `${first}.api: "tgi" is not`,
    ],
    [
      'a cache that does not hold the longest request',
      { entry: { contextTokensMax: 500_000 } },
      `${first}.contextTokensMax: 500000 does not fit: such a request takes 500000 tokens of cache`,
    ],
    [
      'an engine that is not known, and says so once',
      { entry: { engine: 'unheard-of' } },
      `${first}.engine: "unheard-of" is not known`,
    ],
    [
      'a second instance type that cannot do it',
      { deploy: { otherInstanceTypes: ['ml.g5.2xlarge'] } },
      `${first}.deploy.otherInstanceTypes[0]: a copy on ml.g5.2xlarge holds`,
    ],
    [
      'tools without their parser',
      { entry: { capabilities: { tools: true } } },
      `${first}.capabilities.tools: true needs deploy.toolParser`,
    ],
    [
      'a parser of tools that are none',
      { entry: { capabilities: { tools: false } }, deploy: { toolParser: 'hermes' } },
      `${first}.capabilities.tools: false, and deploy.toolParser is "hermes"; leave one of them out`,
    ],
    [
      'no copy at all',
      { entry: { copies: 9 } },
      `${first}.copies: 9 to start with; must be from copiesMin, 0,`,
    ],
  ])('are refused: %s', (_what, changes, message) => {
    const found = findingsOf(changes);
    expect(found[0]).toContain(message);
    const all = checkConfig(deployedConfig(changes), shippedFacts).errors;
    expect(all.filter(({ path }) => found[0]?.startsWith(`${path}:`))).toHaveLength(1);
  });

  it('are refused where two have one name in one place', () => {
    const config = deployedConfig({ entry: { region: 'us-east-1' } });
    const found = checkDeployments(config, shippedFacts).errors.map(
      ({ path, message }) => `${path}: ${message}`,
    );
    expect(found).toEqual([
      `models.chat-small.dedicated[1].endpoint: chat-small is deployed by ${first} already; give each its own`,
      `models.chat-small.dedicated[1].component: chat-small-copies is deployed by ${first} already; give each its own`,
    ]);
  });

  it('scale by the cache only where a gateway of the same account measures it, and once', () => {
    const config = deployedConfig({ deploy: { targetKvShare: 0.5 } });
    const alone = checkDeployments({ ...config, gateways: ['us-east-1'] }, shippedFacts).errors;
    expect(alone).toEqual([
      {
        path: 'models.chat-small.dedicated[1].deploy.targetKvShare',
        message:
          'needs a gateway in eu-central-1 of account 111111111111, which measures it there; leave it out, or let one run there',
      },
    ]);
    const twins = deployedConfig({ entry: { region: 'us-east-1' }, deploy: { targetKvShare: 0.5 } });
    expect(checkDeployments(twins, shippedFacts).errors.map(({ message }) => message)).toContain(
      `is measured for chat-small as a whole, which ${first} scales by already; leave one of them out`,
    );
  });

  it('are chat models', () => {
    const { models, ...rest } = deployedConfig();
    const embedding = { ...rest, models: { embed: { ...models['chat-small'], kind: 'embedding' as const } } };
    const found = checkDeployments(embedding as ReturnType<typeof deployedConfig>, shippedFacts).errors;
    expect(found[0]).toEqual({
      path: 'models.embed.dedicated[0].deploy',
      message: 'is for chat models; deploy one that makes vectors yourself',
    });
  });
});
