import { describe, expect, it } from 'vitest';
import { approvableWaves, pipelineSchema } from '#contract/pipeline.ts';
import { waveKinds } from '#core/deploy-waves/wave-plan.ts';

const archive = { bucket: 'acme-sources', key: 'spillway.zip' };
const connection = {
  arn: 'arn:aws:codeconnections:us-east-1:111111111111:connection/1c72e9ec',
  repository: 'acme/spillway',
};
const messages = (input: unknown): readonly string[] =>
  (pipelineSchema.safeParse(input).error?.issues ?? []).map(({ message }) => message);

describe('pipelineSchema', () => {
  it('knows the waves of the plan', () => {
    expect(approvableWaves).toEqual(waveKinds);
  });

  it('takes one source, and fills in the rest', () => {
    expect(pipelineSchema.parse({ archive })).toEqual({
      archive,
      configFile: 'spillway.config.ts',
      runTests: false,
      bakeMinutes: 10,
      approvals: [],
    });
    expect(pipelineSchema.parse({ connection }).connection).toEqual({
      ...connection,
      branch: 'main',
      startOnPush: false,
    });
  });

  it('refuses no source and two', () => {
    for (const input of [{}, { archive, connection }])
      expect(messages(input)).toEqual(['must have either `connection` or `archive`']);
  });

  it('refuses files outside of the project and what a shell would read', () => {
    for (const configFile of ['/etc/passwd.json', '../other.config.ts', 'a;b.ts', '$(id).ts', 'config.yaml'])
      expect(messages({ archive, configFile })).toEqual([
        'must be a file inside the project such as "spillway.config.ts"',
      ]);
  });

  it('refuses waves that there are not', () => {
    expect(messages({ archive, approvals: ['first'] })).toEqual([
      `must be one of ${waveKinds.map((kind) => `"${kind}"`).join(', ')}`,
    ]);
  });
});
