import { describe, expect, it } from 'vitest';
import { defaultUsage } from '#core/deploy-cost/usage.ts';
import { aDeployedStack, aGatewayStack, billedItems } from '#test/builders/a-deployed-stack.ts';

const action = (provider: string, configuration: object = {}) => ({
  ActionTypeId: { Provider: provider },
  Configuration: configuration,
});
const wave = { Actions: [action('CodeBuild', { EnvironmentVariables: '[]' })] };
const piped = (waves: readonly object[]) =>
  aDeployedStack('Pipeline-us-east-1', {
    Waves: [
      'CodePipeline::Pipeline',
      { Stages: [{ Actions: [action('S3')] }, { Actions: [action('CodeBuild')] }, ...waves] },
    ],
    Deploy: [
      'CodeBuild::Project',
      { Environment: { EnvironmentVariables: [{ Name: 'BAKE_MINUTES', Value: '20' }] } },
    ],
  });

describe('billPipeline', () => {
  it('bills the minutes of every action and of every build, watching of waves included', () => {
    // In micro-USD. Four releases: ten minutes of templates, three waves of ten and twenty minutes, a minute for the source.
    expect(billedItems([piped([wave, wave, wave])])).toMatchObject({
      'codebuild-minute pipeline': 4_000_000,
      'codepipeline-minute pipeline': 808_000,
    });
  });

  it('bills nobody’s thinking', () => {
    const asked = { Actions: [action('Manual'), ...wave.Actions] };
    expect(billedItems([piped([asked])])).toEqual(billedItems([piped([wave])]));
  });

  it('bills as many releases as there are, and nothing without a pipeline', () => {
    const usage = { ...defaultUsage, releases: 1 };
    expect(billedItems([piped([wave])], { usage })['codebuild-minute pipeline']).toBe(400_000);
    expect(Object.keys(billedItems([aGatewayStack])).filter((item) => /^code/.test(item))).toEqual([]);
  });
});
