import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { openCdk } from '#runtime/cdk-deployer.ts';
import { type CdkStandIn, createCdkStandIn } from '#test/builders/cdk-stand-in.ts';

let cdk: CdkStandIn | undefined;
afterEach(() => cdk?.close());

async function open(failing?: string) {
  const standIn = createCdkStandIn(failing);
  cdk = standIn;
  let written = '';
  const opened = await openCdk({
    folder: process.cwd(),
    file: 'my.config.ts',
    context: { organization: 'o-a1b2c3d4e5' },
    write: (text) => {
      written += text;
    },
    program: standIn.program,
  });
  return { opened, calls: () => standIn.calls(), written: () => written };
}

describe('the CDK as a deployer', () => {
  it('makes the templates once, deploys from them stack by stack that is named, and forgets them', async () => {
    const { opened, calls, written } = await open();
    expect(await opened.deploy(['State-us-east-1'])).toBeUndefined();
    expect(await opened.deploy(['A', 'B'])).toBeUndefined();
    const [synth, first, second] = calls();
    const assembly = synth?.[3] ?? '';
    expect(synth).toEqual([
      ...['synth', '-q', '-o', assembly],
      ...['-c', 'organization=o-a1b2c3d4e5', '-c', 'config=my.config.ts'],
    ]);
    const deploy = ['deploy', '--app', assembly, '--exclusively', '--require-approval', 'never'];
    expect(first).toEqual([...deploy, '--concurrency', '8', 'State-us-east-1']);
    expect(second?.slice(-2)).toEqual(['A', 'B']);
    expect(written()).toBe('cdk synth\ncdk deploy\ncdk deploy\n');
    expect(existsSync(assembly)).toBe(true);
    opened.close();
    expect(existsSync(assembly)).toBe(false);
  });

  it('says with what the CDK ended', async () => {
    const { opened } = await open('B');
    expect(await opened.deploy(['A', 'B'])).toBe('cdk deploy ended with exit code 1');
    opened.close();
  });

  it('deploys nothing where no templates can be made', async () => {
    await expect(open('synth')).rejects.toThrow('cdk synth ended with exit code 1');
    expect(cdk?.calls()).toHaveLength(1);
  });
});
