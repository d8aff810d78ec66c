import { afterAll, describe, expect, it } from 'vitest';
import { openBundledPrograms } from '#test/builders/bundled-programs.ts';

const programs = openBundledPrograms();
afterAll(programs.close);

describe('stacks of errors in a bundle', () => {
  it('name the lines and functions that people wrote, of each file', () => {
    const bundle = programs.bundle('stack', {
      'entry.ts':
        "import { fail } from './written/fail.ts';\n\nfunction begin(): void {\n  fail('no');\n}\ntry {\n  begin();\n} catch (error) {\n  console.log((error as Error).stack);\n}\nconst { later } = await import('./written/later.ts');\nlater();\n",
      'written/fail.ts': 'export function fail(why: string): never {\n  throw new RangeError(why);\n}\n',
      'written/later.ts':
        "export function later(): void {\n  console.log(new Error('later').stack?.split('\\n')[1]);\n}\n",
    });
    const lines = programs
      .said(bundle)
      .split('\n')
      .map((line) => line.replace(/\(.*stack\//, '('));
    expect(lines.slice(0, 3)).toEqual([
      'RangeError: no',
      '    at fail (written/fail.ts:2:9)',
      '    at begin (entry.ts:4:3)',
    ]);
    expect(lines.at(-1)).toBe('    at later (written/later.ts:2:15)');
  });

  it('need no map before the first of them, and none at all', () => {
    const bundle = programs.bundle('maps', {
      'entry.ts':
        "import fs from 'node:fs';\nconst stack = () => new TypeError('why').stack?.split('\\n') ?? [];\nfs.renameSync(new URL('index.mjs.map', import.meta.url), new URL('away.map', import.meta.url));\nconst [head, at] = stack();\nconsole.log(head, at?.includes('index.mjs'));\n",
    });
    expect(programs.said(bundle)).toBe('TypeError: why true');
  });
});
