import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { grownMost, type HeapCensus, takeCensus } from '../../../bench/gateway/heap-census.ts';

let directory: string;
let [before, leaked, compiled]: readonly HeapCensus[] = [];

/** A process of its own: small, and with nothing in it but what is said here. */
const program = `
  const { writeHeapSnapshot } = require('node:v8');
  const at = (name) => writeHeapSnapshot(require('node:path').join(process.argv[1], name));
  globalThis.kept = [];
  at('warm');
  at('before');
  for (let index = 0; index < 100_000; index += 1) kept.push(index + 0.5);
  at('leaked');
  globalThis.compiled = Array.from({ length: 2_000 }, (_, index) => new Function('return ' + index));
  for (const each of compiled) each();
  at('compiled');
`;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'spillway-census-'));
  const { status, stderr } = spawnSync(process.execPath, ['-e', program, directory], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  [before, leaked, compiled] = ['before', 'leaked', 'compiled'].map((name) =>
    takeCensus(join(directory, name)),
  );
});
afterAll(() => rmSync(directory, { recursive: true }));

const grown = (
  from: HeapCensus | undefined,
  to: HeapCensus | undefined,
  key: 'keptBytes' | 'compiledBytes',
) => (to?.[key] ?? 0) - (from?.[key] ?? 0);

it('counts what a program keeps, and names it', () => {
  // Eight bytes each, and the room that a list of them has to grow.
  expect(grown(before, leaked, 'keptBytes')).toBeGreaterThan(800_000);
  expect(grown(before, leaked, 'keptBytes')).toBeLessThan(1_500_000);
  if (before === undefined || leaked === undefined) return;
  expect(grownMost(before, leaked, 1)[0]?.[0]).toBe('array (object elements)');
});

it('counts compiled code apart', () => {
  expect(grown(leaked, compiled, 'compiledBytes')).toBeGreaterThan(100_000);
  expect(grown(before, leaked, 'compiledBytes')).toBeLessThan(100_000);
});
