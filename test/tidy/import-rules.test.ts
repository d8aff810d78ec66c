import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterAll, describe, expect, it } from 'vitest';
import { projectFolder } from './source-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-imports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A small tree with one offence per rule; the rules of the house must name each of them. */
const tree: Record<string, string> = {
  'src/core/clean.ts': 'export const clean = 1;\n',
  'src/core/impure.ts':
    "import { readFileSync } from 'node:fs';\nimport './clean.ts';\nexport const impure = readFileSync;\n",
  'src/core/upward.ts':
    "import { store } from '../adapters/memory/store.ts';\nexport const upward = store;\n",
  'src/adapters/memory/store.ts':
    "import { clean } from '../../core/clean.ts';\nexport const store = clean;\n",
  'src/usecases/first.ts':
    "import { second } from './second.ts';\nexport const first = (): number => second();\n",
  'src/usecases/second.ts':
    "import { first } from './first.ts';\nexport const second = (): number => first();\n",
  'lambdas/one/handler.ts': "import { two } from '../two/handler.ts';\nexport const one = two;\n",
  'lambdas/two/handler.ts':
    "import { store } from '../../src/adapters/memory/store.ts';\nexport const two = store;\n",
  'src/adapters/system/disk.ts': 'export const disk = 1;\n',
  'src/simulator/engine.ts':
    "import { readFileSync } from 'node:fs';\nimport { disk } from '../adapters/system/disk.ts';\nexport const engine = [readFileSync, disk];\n",
  'local/server.ts': "import { clean } from '../src/core/clean.ts';\nexport const server = clean;\n",
};

async function violations(): Promise<string[]> {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const options = await extractOptions(join(projectFolder, '.dependency-cruiser.cjs'));
  const { tsConfig: _unused, ...rest } = options;
  const result = await cruise(['src', 'lambdas', 'local'], { ...rest, validate: true, baseDir: folder });
  const output = result.output as ICruiseResult;
  expect(output.modules.filter((module) => module.source.endsWith('.ts')).length).toBe(
    Object.keys(tree).length,
  );
  return output.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from}`);
}

describe('the import rules', () => {
  it('see every planted offence, so that a green run means something', async () => {
    const found = await violations();
    expect(found).toContain('core-is-pure: src/core/impure.ts');
    expect(found).toContain('core-imports-only-itself: src/core/upward.ts');
    expect(found).toContain('simulator-is-pure: src/simulator/engine.ts');
    expect(found).toContain('simulator-knows-adapters-in-memory-only: src/simulator/engine.ts');
    expect(found).toContain('no-cycles: src/usecases/first.ts');
    expect(found).toContain('one-lambda-never-imports-another: lambdas/one/handler.ts');
    expect(
      found.some(
        (line) => line.startsWith('lambdas-imports-only') && line.endsWith('lambdas/two/handler.ts'),
      ),
    ).toBe(true);
    expect(
      found.some((line) => line.startsWith('local-imports-only') && line.endsWith('local/server.ts')),
    ).toBe(true);
  });
});
