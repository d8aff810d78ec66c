import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnEndpoint, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { describe, expect, it } from 'vitest';
import regions from '#data/regions.json' with { type: 'json' };
import { canHostComponents, checkComponentRegion } from '#lib/constructs/dedicated/component-regions.ts';
import { unbundledApp } from '#test/lib/synthesized.ts';

describe('regions of inference components', () => {
  it('are those that the validation of templates knows', () => {
    const codes = regions.regions.map(({ code }) => code);
    expect(codes.filter((code) => !canHostComponents(code))).toEqual(refusedByCloudFormation(codes));
  });

  it('are named in the refusal', () => {
    expect(() => checkComponentRegion('eu-west-3', 'chat')).toThrow(
      'endpoint chat: CloudFormation makes no SageMaker inference components in eu-west-3; deploy it in another region',
    );
    expect(() => checkComponentRegion('eu-west-1', 'chat')).not.toThrow();
  });
});

function refusedByCloudFormation(codes: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-regions-'));
  try {
    const app = unbundledApp(folder);
    for (const region of codes) {
      const stack = new Stack(app, region, { env: { account: '111111111111', region } });
      new CfnEndpoint(stack, 'Endpoint', { endpointName: 'chat', endpointConfigName: 'chat' });
      new CfnInferenceComponent(stack, 'Component', {
        endpointName: 'chat',
        specification: { modelName: 'chat', computeResourceRequirements: { minMemoryRequiredInMb: 1_024 } },
      });
    }
    expect(() => app.synth()).toThrow();
    const report = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8'));
    const paths: readonly string[] = report.pluginReports.flatMap(
      ({ violations }: { violations: { violatingConstructs: { constructPath: string }[] }[] }) =>
        violations.flatMap(({ violatingConstructs }) => violatingConstructs.map((one) => one.constructPath)),
    );
    const refused = new Set(paths.map((path) => path.split('/')[0]));
    return codes.filter((code) => refused.has(code));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
