import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import { acknowledge } from '#lib/constructs/acknowledge.ts';
import { createSpillwayStacks } from '#lib/spillway-stacks.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme } from '#test/lib/acme.ts';
import { deployments, type ExampleDeployment } from '#test/lib/deployments.ts';
import { accepts, acknowledgementsOf, findingsOf } from '#test/lib/findings.ts';
import { unbundledApp } from '#test/lib/synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-nag-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Findings that nobody accepted and acknowledgements that accept nothing, each as `rule at construct`. */
function judged(app: ReturnType<typeof unbundledApp>) {
  const findings = findingsOf(app);
  // CDK acknowledges some of its own findings, about what it writes itself.
  const acknowledgements = acknowledgementsOf(app).filter(
    ({ id }) => !id.startsWith('CloudFormation-Validate::'),
  );
  return {
    open: findings
      .filter((finding) => !acknowledgements.some((each) => accepts(each, finding)))
      .map(({ id, path }) => `${id} at ${path}`),
    needless: acknowledgements
      .filter((each) => !findings.some((finding) => accepts(each, finding)))
      .map(({ id, path }) => `${id} at ${path}`),
    reasons: acknowledgements.map(({ reason }) => reason),
  };
}

function appOf(deployment: ExampleDeployment): ReturnType<typeof unbundledApp> {
  const app = unbundledApp(folder, false);
  createSpillwayStacks(app, { ...deployment, facts: shippedFacts });
  // What aspects add is there when the app is synthesised.
  app.synth();
  return app;
}

describe('AwsSolutions, Serverless and NIST 800-53 r5', () => {
  it.each(Object.keys(deployments))(
    'find nothing unacknowledged, and nothing is acknowledged in vain: %s',
    (name) => {
      const deployment = deployments[name]?.();
      if (deployment === undefined) throw new Error(name);
      const { open, needless, reasons } = judged(appOf(deployment));
      expect({ open, needless }).toEqual({ open: [], needless: [] });
      expect(reasons.filter((reason) => reason.length < 40)).toEqual([]);
    },
  );

  it('would name a finding that nobody accepted, and an acknowledgement that nothing needs any more', () => {
    const app = unbundledApp(folder, false);
    const { state } = createSpillwayStacks(app, { config: acme, facts: shippedFacts });
    new CfnQueue(state, 'Open');
    acknowledge(state.routes, { 'AwsSolutions-DDB3': 'It is restored to any second, so this is not found.' });
    app.synth();
    const { open, needless } = judged(app);
    expect(open).toContain('AwsSolutions-SQS4 at State-us-east-1/Open');
    expect(needless).toEqual(['AwsSolutions-DDB3 at State-us-east-1/Routes']);
  });
});
