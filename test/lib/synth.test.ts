import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acme } from '#test/lib/acme.ts';
import { assemblySize, differences } from '../../bench/synth/assembly-size.ts';
import { type MeasuredSynth, measuredSynth } from '../../bench/synth/measured-synth.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'spillway-cdk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** About 6 s on two idle cores; a machine that runs the whole suite beside it takes several times that. */
const SYNTH_MS_MAX = 120_000;

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

/** The CDK's command line as a user runs it, without credentials. */
async function cdk(...parameters: readonly string[]): Promise<Outcome> {
  const { HOME: _home, SPILLWAY_CONFIG: _config, ...rest } = process.env;
  const environment = {
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => !/^(AWS|CDK)_/.test(name))),
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
  const cli = join(root, 'node_modules/aws-cdk/bin/cdk');
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...parameters], {
      cwd: root,
      env: environment,
      timeout: SYNTH_MS_MAX,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { exitCode: 0, output: stdout + stderr };
  } catch (error) {
    const failed = error as { readonly code?: number; readonly stdout?: string; readonly stderr?: string };
    return { exitCode: failed.code ?? 1, output: `${failed.stdout ?? ''}${failed.stderr ?? ''}` };
  }
}

function filesUnder(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile());
}

describe('cdk synth', () => {
  const out = join(folder, 'out');
  const again = join(folder, 'again');
  let outcome: Outcome;
  let measured: MeasuredSynth;
  beforeAll(async () => {
    [outcome, measured] = await Promise.all([
      cdk('synth', '-q', '-o', out),
      measuredSynth({ folder: again }),
    ]);
  }, SYNTH_MS_MAX);

  it('makes the example’s templates with no account, no network and no Docker', () => {
    expect(outcome.output).toContain('Successfully synthesized');
    expect(outcome.exitCode).toBe(0);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    // A missing look-up would be asked of an account.
    expect(manifest.missing ?? []).toEqual([]);
  });

  it('reports no finding and no warning of ours', () => {
    expect(outcome.output).not.toMatch(/ERROR|WARNING|deprecated/);
  });

  it('takes no more than it may, whatever else the machine does', () => {
    // What was promised is 20 s on the clock; processor time is what other work on the machine changes least.
    expect(measured.processorSeconds).toBeGreaterThan(1);
    expect(measured.processorSeconds).toBeLessThan(20);
    expect(measured.peakMebibytes).toBeGreaterThan(100);
    expect(measured.peakMebibytes).toBeLessThan(4_096);
  });

  it('makes the same files each time, to the byte', () => {
    expect(differences(out, join(again, 'out')).slice(0, 5)).toEqual([]);
  });

  it('keeps every template far from the limits of CloudFormation and IAM', () => {
    const { templates, fullest } = assemblySize(out);
    expect(templates).toBeGreaterThanOrEqual(19);
    expect(fullest.filter(({ value, max }) => value > max)).toEqual([]);
    const names = fullest.map(({ what }) => what);
    expect(names).toEqual(
      expect.arrayContaining(['resources', 'bytes of the template', 'managed policies on a role']),
    );
  });

  it('bundles five functions, each as ES modules with the configuration beside them', () => {
    const bundles = readdirSync(out)
      .filter((name) => name.startsWith('asset.'))
      .map((name) => join(out, name));
    expect(bundles).toHaveLength(5);
    for (const bundle of bundles) {
      // The console's files lie in a folder of their own beside a gateway's.
      const files = readdirSync(bundle).filter((name) => name !== 'console');
      expect(files).toEqual(expect.arrayContaining(['index.mjs', 'spillway.config.json']));
      const code = files.filter((name) => name.endsWith('.mjs'));
      expect(files.sort()).toEqual(
        [...code, ...code.map((name) => `${name}.map`), 'spillway.config.json'].sort(),
      );
      // Lambda has 10 s to start a function; what is larger than 2 MB is felt in every cold start.
      const bytes = code.reduce((sum, name) => sum + statSync(join(bundle, name)).size, 0);
      expect(bytes).toBeLessThan(2_000_000);
      const config = JSON.parse(readFileSync(join(bundle, 'spillway.config.json'), 'utf8'));
      expect(config).toMatchObject({ name: 'acme', gateways: acme.gateways });
    }
  });

  it('makes bundles that load where nothing is installed, and that do no work until they are called', async () => {
    const names = readdirSync(out).filter((name) => name.startsWith('asset.'));
    const script = `
      globalThis.awslambda = { streamifyResponse: (handler) => handler };
      for (const name of ${JSON.stringify(names)}) {
        const { handler } = await import(${JSON.stringify(`${out}/`)} + name + '/index.mjs');
        console.log(typeof handler);
      }`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      env: {},
      timeout: SYNTH_MS_MAX,
    });
    expect(stdout.trim().split('\n')).toEqual(names.map(() => 'function'));
  });

  it('writes no tenant’s key into any file', () => {
    const keys = Object.values(acme.tenants).flatMap((tenant) => tenant.keys);
    expect(keys).toContain('sk-local');
    const files = filesUnder(out);
    expect(files.length).toBeGreaterThan(50);
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      expect(
        keys.filter((key) => text.includes(key)),
        file,
      ).toEqual([]);
    }
  });
});

describe('cdk synth of a configuration that breaks rules', () => {
  it(
    'ends with every violation and its path, and makes no template',
    async () => {
      const out = join(folder, 'none');
      const { exitCode, output } = await cdk(
        'synth',
        '-q',
        '-o',
        out,
        '-c',
        'config=test/lib/broken.config.json',
      );
      expect(exitCode).not.toBe(0);
      expect(output).toContain('home.account');
      expect(output).toContain('gateways');
      expect(output).not.toContain('    at ');
      expect(existsSync(join(out, 'manifest.json'))).toBe(false);
    },
    SYNTH_MS_MAX,
  );
});
