/** `spillway capacity plan` without a deployment: traces and numbers, what is wrong with them, and the pictures. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { projectFolder } from '#test/tidy/source-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rate = ['--requests-per-second', '2', '--input-tokens', '1000', '--output-tokens', '560'];
const own = ['--instance-type', 'ml.g7e.2xlarge', '--prefill-tokens-per-second', '6000'];
const qwen = ['--engine', 'qwen3-32b', ...own, '--first-token-p95-ms', '2000', '--token-p95-ms', '60'];
const plan = (...argv: readonly string[]) => runCommandLine(['capacity', 'plan', ...argv], { columns: 80 });
const json = async (...argv: readonly string[]) => {
  const { stdout, exitCode } = await plan(...argv, '--json');
  return { exitCode, ...JSON.parse(stdout) };
};

describe('capacity plan', () => {
  it('names the cheapest number of copies beside serverless alone, within 80 columns', async () => {
    const { exitCode, stdout, stderr } = await plan('chat-large', '--residency', 'us', ...qwen, ...rate);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('✔ 3 copies on 3 × ml.g7e.2xlarge: USD 9,207 a month');
    expect(stdout).toContain('\nServerless alone: USD 65,910 a month.');
    expect(stdout).toMatch(/^ {5}3 {2}█+ +9,207 +< 0.1 % {2}◄ chosen$/m);
    expect(stdout).toMatch(/^\+20 % +3 /m);
    expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });

  it('tells programs the whole of it, in micro-USD', async () => {
    const told = await json('chat-large', '--residency', 'us', ...qwen, ...rate);
    expect(told).toMatchObject({
      holds: true,
      traffic: { requests: expect.closeTo(172_800, 6), seconds: 86_400 },
      serverless: { microUsdPerMonth: 65_910_240_000, keepsLevel: 'unknown' },
      chosen: { instanceType: 'ml.g7e.2xlarge', copies: 3, limits: { requests: 32, bound: 'measurement' } },
    });
    expect(told.options[0].curve[0]).toMatchObject({ copies: 0, spillShare: 1 });
    expect(told.sensitivity.map(({ factor }: { factor: number }) => factor)).toEqual([0.8, 1, 1.2]);
  });

  it('reads a trace with its own columns and dates, packed or not', async () => {
    const lines = Array.from({ length: 600 }, (_, second) => {
      const at = new Date(Date.UTC(2026, 10, 20, 0, 0, second)).toISOString();
      return `${at.slice(0, 19).replace('T', ' ')}.25,1000,560`;
    });
    const file = join(folder, 'azure.csv.gz');
    writeFileSync(file, gzipSync(['TIMESTAMP,ContextTokens,GeneratedTokens', ...lines].join('\n')));
    const form = [
      '--columns',
      'arrival=TIMESTAMP,input=ContextTokens,output=GeneratedTokens',
      '--arrival-unit',
      'date',
    ];
    const told = await json('chat-large', '--residency', 'us', ...qwen, '--trace', file, ...form);
    expect(told.traffic).toMatchObject({ bins: 10, seconds: 600, requests: 600, inputTokens: 600_000 });
    expect(told.notes).toContain(
      'The traffic is of less than a day: a month is taken to be like it all the time.',
    );
  });

  it('says of a trace everything that is wrong with it', async () => {
    const file = join(folder, 'bad.csv');
    writeFileSync(file, 'arrival_s,input_tokens,output_tokens\n0,1,x\nz,-3,4\n');
    const { exitCode, stderr } = await plan('chat-large', '--residency', 'us', ...qwen, '--trace', file);
    expect([exitCode, stderr.split('\n').slice(1, -1)]).toEqual([
      2,
      [
        '  line 2, column output_tokens: "x" must be a whole number from 0 to 100000000',
        '  line 3, column arrival_s: "z" must be a number of seconds',
        '  line 3, column input_tokens: "-3" must be a whole number from 0 to 100000000',
      ],
    ]);
    const missing = await plan(
      'chat-large',
      '--residency',
      'us',
      ...qwen,
      '--trace',
      join(folder, 'none.csv'),
    );
    expect([missing.exitCode, missing.stderr]).toEqual([
      2,
      expect.stringContaining('--trace must name a CSV'),
    ]);
  });

  it('says of its options everything that is wrong with them', async () => {
    const wrong = [
      '--requests-per-second',
      'x',
      '--input-tokens',
      '0',
      '--peak-factor',
      '30',
      '--output-token-ms',
      '27',
    ];
    const { exitCode, stderr } = await plan('chat-large', '--from-metrics', '--columns', 'a=b', ...wrong);
    expect([exitCode, stderr.slice('spillway: '.length).trim().split('; ')]).toEqual([
      2,
      [
        '--requests-per-second must be a number from 0.000001 to 1000000, not "x"',
        '--input-tokens must be a number from 1 to 100000000, not "0"',
        '--peak-factor must be a number from 1 to 24, not "30"',
        'name one source of traffic: --trace <file>, --from-metrics, or --requests-per-second with --input-tokens and --output-tokens',
        'got --from-metrics and --requests-per-second',
        '--columns must be such as arrival=TIMESTAMP,input=ContextTokens,output=GeneratedTokens, not "a=b"',
        '--output-token-ms must be two pairs of requests:milliseconds or more, both rising, such as 1:27,32:46.5, not "27": one request alone says nothing of a batch',
      ],
    ]);
  });

  it.each([
    [['chat-none', '--residency', 'us'], 'The configuration has no model "chat-none"'],
    [['chat-large'], 'Name the --residency of the traffic: us, eu, japan, frankfurt, anywhere'],
    [['embed', '--residency', 'us'], '"embed" makes vectors'],
    [
      ['chat-large', '--residency', 'eu', '--region', 'us-east-1'],
      'Copies in "us-east-1" would lie outside the residency eu; --region must be eu-central-1',
    ],
    [['chat-large', '--residency', 'us', '--engine', 'llama-9'], '--engine must be one of deepseek-v3'],
    [['chat-large', '--residency', 'us', '--engine', 'chat-small'], 'is a model of the configuration'],
    [
      ['chat-large', '--residency', 'us', '--engine', 'llama-3.1-8b'],
      'Nobody has measured llama-3.1-8b in public. Measured are llama-3.1-70b on ml.p5.48xlarge (8 or 4 of its GPUs a copy)',
    ],
    [
      ['chat-large', '--residency', 'us'],
      'name a model with --engine (see: spillway capacity engines), or say of your own --first-token-p95-ms <n> --token-p95-ms <n> --instance-type <type> --kv-tokens-per-copy <n> --prefill-tokens-per-second <n> --output-token-ms <pairs>\n',
    ],
    [
      ['chat-large', '--residency', 'us', '--kv-tokens-per-copy', '96000', '--token-p95-ms', '50'],
      'or say of your own --first-token-p95-ms <n> --instance-type <type> --prefill-tokens-per-second <n> --output-token-ms <pairs>\n',
    ],
    [
      ['chat-large', '--residency', 'us', '--engine', 'qwen3-32b'],
      'ml.g7e.2xlarge: nobody measured how fast qwen3-32b reads prompts there; say --instance-type ml.g7e.2xlarge --prefill-tokens-per-second <n>\n',
    ],
    [
      ['chat-large', '--residency', 'us', '--engine', 'llama-3.1-8b', '--instance-type', 'ml.g6e.xlarge'],
      'ml.g6e.xlarge: nobody measured llama-3.1-8b there; say --instance-type ml.g6e.xlarge --prefill-tokens-per-second <n> --output-token-ms <pairs>\n',
    ],
    [
      ['chat-large', '--residency', 'us', '--engine', 'llama-3.3-70b', '--instance-type', 'ml.p4de.24xlarge'],
      'ml.p4de.24xlarge: its price is not known; say --instance-type ml.p4de.24xlarge --instance-usd-per-hour <n>\n',
    ],
    [
      ['chat-large', '--residency', 'us', '--engine', 'qwen3-32b', '--instance-type', 'ml.p4de.24xlarge'],
      'ml.p4de.24xlarge: nobody measured qwen3-32b there, and its price is not known; say --instance-type ml.p4de.24xlarge --prefill-tokens-per-second <n> --output-token-ms <pairs> --instance-usd-per-hour <n>\n',
    ],
    [
      ['chat-large', '--residency', 'us', '--engine', 'llama-3.3-70b', '--instance-type', 'ml.zzz.xlarge'],
      'ml.zzz.xlarge: no such instance type is known; the nearest are ml.g5.xlarge, ml.g6.xlarge, ml.g6e.xlarge. If there is one, say --instance-type ml.zzz.xlarge --prefill-tokens-per-second <n> --output-token-ms <pairs> --instance-usd-per-hour <n> --kv-tokens-per-copy <n>\n',
    ],
    [
      ['chat-large', '--residency', 'us', '--engine', 'llama-3.3-70b', '--requests-per-second', '0'],
      '--requests-per-second must be a number from 0.000001 to 1000000, not "0"',
    ],
    [
      [
        'chat-large',
        '--residency',
        'us',
        '--engine',
        'llama-3.1-70b',
        '--output-token-ms',
        '1:20,9:30',
        '--prefill-tokens-per-second',
        '900',
        '--instance-type',
        'ml.g5.xlarge',
      ],
      'ml.g5.xlarge: engine weights of 131.4 GiB leave no room',
    ],
  ])('refuses %j and says what is right', async (argv, said) => {
    const { exitCode, stdout, stderr } = await plan(...rate, ...argv);
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining(said)]);
  });

  it('ends in 1 where nothing is known to keep the promise', async () => {
    const slow = await plan('chat-large', '--residency', 'us', ...qwen, ...rate, '--token-p95-ms', '10');
    expect([slow.exitCode, slow.stdout]).toEqual([
      1,
      expect.stringContaining('✗ No copy keeps the promise, and nobody measured whether serverless does.'),
    ]);
    const never = ['--spill-share-max', '0.5', '--kv-tokens-per-copy', '160'];
    const refused = await json('chat-large', '--residency', 'us', ...qwen, ...rate, ...never);
    expect([refused.exitCode, refused.chosen]).toEqual([1, null]);
  });

  it('lets copies carry all but one of a thousand where nothing serverless is lawful', async () => {
    const told = await json('chat-large', '--residency', 'frankfurt', ...qwen, ...rate);
    expect(told).toMatchObject({
      exitCode: 0,
      spillShareMax: 0.001,
      serverless: { target: null, microUsdPerMonth: null },
    });
    expect(told.chosen.spillShare).toBeLessThan(0.001);
    expect(told.chosen.microUsdPerMonth).toBe(told.chosen.copies * 4_203_900 * 730);
  });

  it('says what is refused wherever nothing serverless is lawful, and speaks of nothing spilled', async () => {
    const file = join(folder, 'refused.svg');
    const asked = ['chat-large', '--residency', 'frankfurt', ...qwen, ...rate, '--svg', file] as const;
    const { stdout } = await plan(...asked);
    const svg = readFileSync(file, 'utf8');
    expect(stdout).toContain('1 GPU each (refused calls cost nothing)\n');
    expect(stdout).toMatch(/^copies +USD\/month +refused$/m);
    expect(stdout).not.toContain('spilled');
    expect(svg).toMatch(/<desc id="told">Chosen: .* refused \(frankfurt\)<\/desc>/);
    for (const label of ['refused', 'refused calls cost nothing', 'share of calls refused, %'])
      expect(svg).toContain(`>${label}<`);
    expect(svg).not.toMatch(/>[^<]*spilled[^<]*<\/(text|desc)>/);
    const all = await plan(...asked, '--spill-share-max', '1');
    expect(all.stdout).toContain('✔ No copies: every call may be refused, and that costs nothing.');
    const never = await plan(...asked, '--kv-tokens-per-copy', '160', '--engine', 'qwen3-32b');
    expect([never.exitCode, never.stdout]).toEqual([1, expect.not.stringContaining('spilled')]);
  });

  it('says which of two promises is the caller’s and which the benchmark’s', async () => {
    const asked = ['chat-large', '--residency', 'us', '--engine', 'llama-3.3-70b', ...rate] as const;
    const source = 'first token: MLPerf’s Llama-2-70B, interactive; later tokens: as you asked';
    const { level } = await json(...asked, '--token-p95-ms', '60');
    expect(level).toEqual({ firstTokenMs: 450, tokenMs: 60, source });
    const { stdout } = await plan(...asked, '--token-p95-ms', '60');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`60 ms to each later one (${source})`);
    expect(stdout).toContain('MLPerf’s limits are for p99');
    const other = await json(...asked, '--first-token-p95-ms', '900');
    expect(other.level.source).toBe(
      'first token: as you asked; later tokens: MLPerf’s Llama-2-70B, interactive',
    );
    expect((await json(...asked)).level.source).toBe('MLPerf’s Llama-2-70B, interactive');
  });

  it('shows where its curve leaves numbers of copies out', async () => {
    const many = [...rate, '--requests-per-second', '20'];
    const { stdout } = await plan('chat-large', '--residency', 'us', ...qwen, ...many);
    const rows = [...stdout.matchAll(/^ *(\d+|…)(?: {2}[█░].*)?$/gm)].map(([, first]) => first);
    expect(rows.slice(0, 2)).toEqual(['0', '…']);
    const told = await json('chat-large', '--residency', 'us', ...qwen, ...many);
    const shown = rows.filter((each) => each !== '…').map(Number);
    expect(shown).toContain(told.chosen.copies);
    expect(shown).toHaveLength(16);
    expect(shown.at(-1)).toBe(told.options[0].curve.length - 1);
  });

  it('plans with what it asked for', async () => {
    const figures = ['--prefill-tokens-per-second', '9000', '--output-token-ms', '1:12,32:19'];
    const place = ['--instance-type', 'ml.zzz.xlarge', '--kv-tokens-per-copy', '250000'];
    const promise = ['--first-token-p95-ms', '500', '--token-p95-ms', '30'];
    const asked = [...figures, ...place, ...promise, '--instance-usd-per-hour', '2.6'];
    const told = await json('chat-large', '--residency', 'us', ...asked, ...rate);
    expect(told).toMatchObject({ exitCode: 0, chosen: { instanceType: 'ml.zzz.xlarge' } });
  });

  it('draws the curve as a picture that needs nothing else, for light and for dark', async () => {
    const file = join(folder, 'curve.svg');
    await plan('chat-large', '--residency', 'us', ...qwen, ...rate, '--svg', file);
    const svg = readFileSync(file, 'utf8');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 760 440" role="img"/);
    expect(svg).toContain('>Chosen: 3 copies, USD 9,207 a month, &lt; 0.1 % spilled (us)<');
    expect(svg).toContain('prefers-color-scheme: dark');
    for (const label of ['USD/month', 'spilled', 'copies on ml.g7e.2xlarge, 1 GPU each'])
      expect(svg).toContain(`>${label}<`);
    expect(svg).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg)|@import|url\(|NaN|Infinity/);
    expect(svg.match(/<circle/g)).toHaveLength(
      svg.match(/<rect class="copies" x="[\d.]+" y="[\d.]+" width="(?!12")/g)?.length ?? 0,
    );
    const unwritable = await plan(
      'chat-large',
      '--residency',
      'us',
      ...qwen,
      ...rate,
      '--svg',
      join(folder, 'no/where.svg'),
    );
    expect([unwritable.exitCode, unwritable.stderr]).toEqual([
      1,
      expect.stringContaining('cannot be written'),
    ]);
  });
});

describe('the guide of capacity', () => {
  const guide = readFileSync(join(projectFolder, 'docs/guides/capacity.md'), 'utf8');
  const shown = [...guide.matchAll(/```\n\$ npx spillway (capacity plan [\s\S]*?)\n\n([\s\S]*?)```/g)];

  it('shows what the command prints', async () => {
    expect(shown).toHaveLength(1);
    for (const [, line = '', printed = ''] of shown) {
      const argv = line.replace(/\\\n\s*/g, '').split(/\s+/);
      const { exitCode, stdout } = await runCommandLine(argv, { columns: 80 });
      expect(exitCode).toBe(0);
      expect(stdout).toContain(printed);
    }
  });
});
