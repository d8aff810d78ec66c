import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAssembly } from '#local/cloudformation/assembly.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-assembly-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
const stack = (dependencies: readonly string[]) => ({
  type: 'aws:cloudformation:stack',
  environment: 'aws://111111111111/us-east-1',
  properties: { templateFile: 'a.template.json', stackName: 'acme-a' },
  dependencies,
});

describe('a cloud assembly', () => {
  it('is its stacks in the order of their dependencies, and its files by where they are published', () => {
    write('manifest.json', {
      artifacts: {
        Late: stack(['Early']),
        Early: stack([]),
        Files: { type: 'cdk:asset-manifest', properties: { file: 'files.json' } },
      },
    });
    write('a.template.json', { Resources: {} });
    const destinations = { there: { bucketName: 'bucket', objectKey: 'key.json' } };
    write('files.json', { files: { a: { source: { path: 'a.template.json' }, destinations } } });
    const { stacks, assets } = readAssembly(folder);
    expect(stacks.map(({ id }) => id)).toEqual(['Early', 'Late']);
    expect(stacks[0]).toMatchObject({ account: '111111111111', region: 'us-east-1', stackName: 'acme-a' });
    expect(assets.get('bucket/key.json')).toBe(join(folder, 'a.template.json'));
  });

  it('fails with the name of a file that is missing', () => {
    write('manifest.json', {
      artifacts: { Files: { type: 'cdk:asset-manifest', properties: { file: 'files.json' } } },
    });
    write('files.json', { files: { a: { source: { path: 'asset.gone' }, destinations: {} } } });
    expect(() => readAssembly(folder)).toThrow('the asset asset.gone is missing');
  });
});
