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

interface Listed {
  readonly engine: string;
  readonly measured: readonly { readonly instanceType: string; readonly needs: readonly string[] }[];
}

it('says what to give capacity plan for each place, and capacity plan is content with it', async () => {
  const { stdout } = await runCommandLine(['capacity', 'engines', '--json']);
  const rate = ['--requests-per-second', '2', '--input-tokens', '1000', '--output-tokens', '200'];
  for (const { engine, measured } of JSON.parse(stdout) as Listed[])
    for (const { instanceType, needs } of measured) {
      const asked = ['capacity', 'plan', 'chat-large', '--residency', 'us', '--engine', engine, ...rate];
      const given = needs.flatMap((need) => need.replace('<n>', '9').split(' '));
      const plan = JSON.parse((await runCommandLine([...asked, ...given, '--json'])).stdout);
      expect(plan.options.map((option: Listed['measured'][number]) => option.instanceType)).toContain(
        instanceType,
      );
      if (needs.length === 0) continue;
      const bare = await runCommandLine([...asked, '--instance-type', instanceType]);
      expect([bare.exitCode, bare.stderr]).toEqual([2, expect.stringContaining(needs.join(' '))]);
    }
});

it('shows people which places can be planned as they stand, and what the others need', async () => {
  const { stdout } = await runCommandLine(['capacity', 'engines'], { columns: 80 });
  expect(stdout).toMatch(/^llama-3\.3-70b .* ml\.p5\.48xlarge .* as it stands {2}\[1\]$/m);
  expect(stdout).toMatch(
    /^qwen3-32b .* ml\.g7e\.2xlarge .* if you say ↓ {2}\[\d\]\n +--instance-type ml\.g7e\.2xlarge --prefill-tokens-per-second <n>$/m,
  );
  expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
});

it('tells programs the same', async () => {
  const { stdout } = await runCommandLine(['capacity', 'engines', '--json']);
  const engines = JSON.parse(stdout) as Listed[];
  const pairs = engines.flatMap(({ engine, measured }) =>
    measured.map(({ instanceType }) => `${engine} ${instanceType}`),
  );
  expect(pairs.sort()).toEqual(
    hosting.engineSpeeds.map(({ engine, instance }) => `${engine} ${instance}`).sort(),
  );
});
