import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { projectFolder } from '#test/tidy/source-files.ts';

const hosting = JSON.parse(readFileSync(join(projectFolder, 'data/hosting.json'), 'utf8')) as {
  readonly engineSpeeds: readonly {
    readonly engine: string;
    readonly instance: string;
    readonly source: string;
  }[];
};

it('lists every pair that somebody measured, with its source, and names those that nobody did', async () => {
  const { exitCode, stdout } = await runCommandLine(['capacity', 'engines'], { columns: 100 });
  expect(exitCode).toBe(0);
  const text = stdout.replaceAll(/\s+/g, ' ');
  for (const { engine, instance, source } of hosting.engineSpeeds) {
    expect(stdout).toMatch(new RegExp(`^${engine} .* ${instance} .*\\[\\d\\]$`, 'm'));
    expect(text).toContain(source.slice(0, 60));
  }
  expect(text).toMatch(/Nobody measured in public: .*llama-3\.1-8b,/);
  expect(stdout.split('\n').filter((line) => [...line].length > 100)).toEqual([]);
});

it('tells programs the same', async () => {
  const { stdout } = await runCommandLine(['capacity', 'engines', '--json']);
  const engines = JSON.parse(stdout) as { engine: string; measured: { instanceType: string }[] }[];
  const pairs = engines.flatMap(({ engine, measured }) =>
    measured.map(({ instanceType }) => `${engine} ${instanceType}`),
  );
  expect(pairs.sort()).toEqual(
    hosting.engineSpeeds.map(({ engine, instance }) => `${engine} ${instance}`).sort(),
  );
});
