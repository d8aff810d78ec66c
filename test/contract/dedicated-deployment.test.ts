import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { type DeployedChanges, deployedConfig, deployedInput } from '#test/builders/deployed-config.ts';

const place = 'models.chat-small.dedicated[0].deploy';

const violationsOf = (deploy: object) => {
  const parsed = parseConfig(deployedInput({ deploy: deploy as DeployedChanges['deploy'] & object }));
  return parsed.ok ? [] : parsed.violations.map(({ path, message }) => `${path} ${message}`);
};

const hub = { from: 'hugging-face', id: 'acme/chat', revision: '0'.repeat(40) };

describe('how a deployed endpoint is described', () => {
  it('fills in what may be left out', () => {
    expect(deployedConfig().models['chat-small']?.dedicated[0]?.deploy).toMatchObject({
      otherInstanceTypes: [],
      schedules: [],
      prefixCaching: true,
      scheduling: 'fcfs',
      routing: { strategy: 'least-outstanding-requests' },
    });
  });

  it('takes every option', () => {
    const deploy = {
      weights: { ...hub, tokenSecret: 'acme/hub-token' },
      speculation: { method: 'ngram', tokens: 4 },
      routing: { strategy: 'prefix-aware', prefixBytes: 4_096, concurrencyMax: 8 },
      network: { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] },
      schedules: [
        { name: 'day', at: 'cron(0 7 ? * MON-FRI *)', timeZone: 'Europe/Berlin', copiesMin: 2, copiesMax: 6 },
      ],
      image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/mirror/lmi:0.36.0',
      amiVersion: 'al2-ami-sagemaker-inference-gpu-3-1',
    };
    expect(violationsOf(deploy)).toEqual([]);
  });

  it.each([
    ['an unknown option', { tensorParallelism: 2 }, `${place}.tensorParallelism is not a setting`],
    ['a file for a folder', { weights: { from: 's3', uri: 's3://models/x.tar.gz' } }, `${place}.weights.uri`],
    [
      'a branch for a commit',
      { weights: { ...hub, revision: 'main' } },
      `${place}.weights.revision "main" must be a commit`,
    ],
    ['weights from nowhere', { weights: { from: 'disk' } }, `${place}.weights`],
    [
      'a method that is none',
      { quantisation: 'int2' },
      `${place}.quantisation "int2" must be "fp8-at-start"`,
    ],
    ['a draft without its memory', { speculation: { method: 'eagle3', tokens: 3, draft: 'a' } }, 'memoryGiB'],
    [
      'a beginning too short',
      { routing: { strategy: 'prefix-aware', prefixBytes: 10 } },
      'from 1024 to 65536',
    ],
    [
      'a bad time',
      { schedules: [{ name: 'day', at: 'daily', copiesMin: 0, copiesMax: 1 }] },
      'cron(0 7 ? * MON-FRI *)',
    ],
    ['an image from elsewhere', { image: 'docker.io/vllm/vllm-openai' }, `${place}.image`],
  ])('refuses %s', (_what, deploy, message) => {
    const found = violationsOf(deploy);
    // The same in both regions.
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(found[0]).toContain(message);
  });
});
