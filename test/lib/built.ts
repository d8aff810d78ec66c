import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SpillwayFunction, type SpillwayFunctionProps } from '#lib/constructs/spillway-function.ts';
import { unbundledApp } from '#test/lib/synthesized.ts';

export const home = { account: '111111111111', region: 'us-east-1' };

/** The template of one stack with whatever is built into it, unchecked and unbundled. */
export function built(build: (stack: Stack) => void): Template {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-built-'));
  try {
    const app = unbundledApp(folder, false);
    const stack = new Stack(app, 'Stack', { env: home });
    build(stack);
    return Template.fromStack(stack);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A function of the product that nothing was granted. */
export function someFunction(stack: Stack, props: Partial<SpillwayFunctionProps> = {}): SpillwayFunction {
  return new SpillwayFunction(stack, 'Some', {
    folder: 'plan',
    functionName: 'acme-some',
    roleName: 'acme-some-us-east-1',
    description: 'Some function',
    configJson: '{}',
    timeout: Duration.seconds(30),
    ...props,
  });
}
