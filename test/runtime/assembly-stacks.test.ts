import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAssembly } from '#runtime/assembly-stacks.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-assembly-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (manifest: unknown): void =>
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
const stack = (environment: string) => ({ type: 'aws:cloudformation:stack', environment });

describe('readAssembly', () => {
  it('tells each stack with its place and the role that may look there', () => {
    const arn = `arn:\${AWS::Partition}:iam::222222222222:role/cdk-x-lookup-role-222222222222-eu-west-1`;
    write({
      artifacts: {
        'Keys-us-east-1': stack('aws://111111111111/us-east-1'),
        'Gateway-eu-west-1.assets': { type: 'cdk:asset-manifest' },
        'Gateway-eu-west-1': {
          ...stack('aws://222222222222/eu-west-1'),
          properties: { lookupRole: { arn } },
        },
      },
    });
    expect(readAssembly(folder)).toEqual({
      folder,
      stacks: [
        { id: 'Keys-us-east-1', account: '111111111111', region: 'us-east-1', lookupRoleArn: undefined },
        {
          id: 'Gateway-eu-west-1',
          account: '222222222222',
          region: 'eu-west-1',
          lookupRoleArn: 'arn:aws:iam::222222222222:role/cdk-x-lookup-role-222222222222-eu-west-1',
        },
      ],
    });
  });

  it('refuses what is no assembly, has no stacks, or says no place', () => {
    expect(() => readAssembly(join(folder, 'none'))).toThrow('no cloud assembly can be read: ENOENT');
    write({});
    expect(() => readAssembly(folder)).toThrow('manifest.json names no stack: make it with npx cdk synth -o');
    write({ artifacts: { Some: stack('aws://unknown-account/unknown-region') } });
    expect(() => readAssembly(folder)).toThrow('stack Some is for "aws://unknown-account/unknown-region"');
  });
});
