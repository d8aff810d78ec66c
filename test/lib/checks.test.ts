import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, expect, it } from 'vitest';
import { addChecks } from '#lib/checks.ts';
import { unbundledApp } from '#test/lib/synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-checks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('fails a synth by every pack and by the limits of AWS, each finding by its name', () => {
  const app = unbundledApp(folder, false);
  addChecks(app);
  const stack = new Stack(app, 'Bad', { env: { account: '111111111111', region: 'us-east-1' } });
  new CfnQueue(stack, 'Open');
  for (let index = 0; index <= 200; index += 1) new CfnOutput(stack, `Output${index}`, { value: 'x' });
  let message = '';
  try {
    app.synth();
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  for (const name of ['AwsSolutions-SQS4', 'Serverless-SQSRedrivePolicy', 'outputs: 201, AWS takes 200'])
    expect(message).toContain(name);
});
