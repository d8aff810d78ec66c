/** Every command against the running product: what a person sees after `npm start`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { availabilitySchema, explanationSchema } from '#contract/http.ts';
import { routeItemSchema } from '#contract/route-item.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { projectFolder } from '#test/tidy/source-files.ts';
import { chat, type SpillwayProcess, startSpillway } from '../main-job/spillway-process.ts';

let spillway: SpillwayProcess;

beforeAll(async () => {
  spillway = await startSpillway({ parameters: ['--discover-every', '0.5'] });
});
afterAll(() => spillway.close());

const now = () => new Date().toISOString();

/** The gateway is named only for commands that are to ask it: `routes` reads the table without. */
const run = (command: string, ...more: readonly string[]) => {
  const asksGateway = ['availability', 'explain', 'doctor'].includes(command);
  const gateway = asksGateway ? ['--url', spillway.gatewayUrl('us-east-1')] : [];
  return runCommandLine([command, ...more, '--aws-url', spillway.awsUrl, ...gateway], {
    now: now(),
    columns: 100,
  });
};

async function eventually<Result>(look: () => Promise<Result | undefined>): Promise<Result> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error('it did not come about within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('the commands over local mode', () => {
  it('availability draws the matrix, and answers programs in the contracted shape', async () => {
    const drawn = await run('availability', '--tracked');
    expect([drawn.exitCode, drawn.stderr]).toEqual([0, '']);
    expect(drawn.stdout).toMatch(/amazon\.nova-lite-v1:0 +● +● +● +◆ +● +◆ +◆ +● +· +●\n/);
    const { stdout } = await run('availability', '--json', '--region', 'us-east-1');
    const { targets } = availabilitySchema.parse(JSON.parse(stdout));
    expect(targets.length).toBeGreaterThan(20);
    expect(new Set(targets.map(({ region }) => region))).toEqual(new Set(['us-east-1']));
  });

  it('routes shows what plan published', async () => {
    const { exitCode, stdout } = await run('routes', 'chat-small', '--residency', 'eu', '--json');
    expect(exitCode).toBe(0);
    const [route] = JSON.parse(stdout);
    expect(routeItemSchema.parse(route).targets).toHaveLength(5);
    const drawn = await run('routes', 'chat-large', '--residency', 'frankfurt');
    expect([drawn.exitCode, drawn.stdout]).toEqual([1, expect.stringContaining('Nothing lawful')]);
  });

  it('explain asks the gateway of the region, or the lawful one', async () => {
    const { exitCode, stdout } = await run(
      'explain',
      '--model',
      'chat-large',
      '--residency',
      'eu',
      '--from',
      'eu-west-1',
      '--json',
    );
    const explanation = explanationSchema.parse(JSON.parse(stdout));
    expect([exitCode, explanation.from, explanation.decision]).toEqual([0, 'eu-west-1', 'routed']);
    const followed = await run('explain', '--model', 'chat-large', '--residency', 'japan', 'Hello');
    expect(followed.stdout).toContain('✔ routed: chat-large in japan, asked from ap-northeast-1');
    const rejected = await run('explain', '--model', 'chat-large', '--residency', 'frankfurt');
    expect([rejected.exitCode, rejected.stdout]).toEqual([1, expect.stringContaining('no_lawful_target')]);
  });

  it('doctor finds AWS, tables and endpoints in order', async () => {
    const { stdout } = await run('doctor', '--json');
    const { checks } = JSON.parse(stdout);
    // On free ports only the first gateway is where doctor looks for it.
    const broken = checks.filter(
      ({ area, status }: { area: string; status: string }) => area !== 'Gateways' && status === 'broken',
    );
    expect(broken).toEqual([]);
    expect(new Set(checks.map(({ area }: { area: string }) => area))).toEqual(
      new Set([
        'Configuration',
        'Credentials',
        'Bedrock',
        'CloudWatch',
        'SageMaker',
        'Service Quotas',
        'DynamoDB',
        'Gateways',
        'Prompts',
        'Discovery',
      ]),
    );
  });

  it('doctor --record says what the stand-in answers otherwise', async () => {
    const { exitCode, stdout } = await run('doctor', '--record', '--dry-run', '--regions', 'us-east-1');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Asked 1 regions.')]);
  });

  it('history, rollback and availability follow a model that lost its authorisation', async () => {
    const model = { region: 'us-west-2', modelId: 'amazon.nova-lite-v1:0' };
    await spillway.control('PATCH', 'catalogue', { ...model, authorizationStatus: 'NOT_AUTHORIZED' });
    const history = await eventually(async () => {
      const { stdout } = await run('history', 'chat-small', '--residency', 'us');
      return stdout.includes('version 2') ? stdout : undefined;
    });
    expect(history).toContain('    - 111111111111/us-west-2/amazon.nova-lite-v1:0');
    const gaps = await run('availability', '--tracked');
    expect(gaps.stdout).toContain('AWS support can repair');
    const order = [
      'rollback',
      'chat-small',
      '--residency',
      'us',
      '--to',
      '1',
      '--reason',
      'a rehearsal',
      '--yes',
    ] as const;
    const back = await run(...order);
    expect([back.exitCode, back.stdout]).toEqual([
      0,
      expect.stringContaining('with the targets of version 1; held until'),
    ]);
  });

  it('capacity plan reckons with the calls that the gateways counted', async () => {
    const ask = () => chat(spillway.gatewayUrl('us-east-1'), { body: { model: 'chat-large' } });
    for (const answer of await Promise.all(Array.from({ length: 6 }, ask))) expect(answer.status).toBe(200);
    const own = [
      '--instance-type',
      'ml.g7e.2xlarge',
      '--engine',
      'qwen3-32b',
      '--prefill-tokens-per-second',
      '6000',
    ];
    const promise = ['--first-token-p95-ms', '60000', '--token-p95-ms', '5000', '--days', '1'];
    const plan = () =>
      run(
        'capacity',
        'plan',
        'chat-large',
        '--residency',
        'us',
        '--from-metrics',
        ...own,
        ...promise,
        '--json',
      );
    const told = await eventually(async () => {
      const { exitCode, stdout } = await plan();
      expect(exitCode).toBe(0);
      const seen = JSON.parse(stdout);
      return seen.traffic.requests === 6 ? seen : undefined;
    });
    // Serverless answers were measured, and they keep a promise as mild as this one.
    expect(told).toMatchObject({ holds: true, serverless: { keepsLevel: 'keeps' } });
    expect(told.traffic.inputTokens).toBeGreaterThan(6);
    expect(told.traffic.outputTokens).toBeGreaterThan(6);
    expect(told.traffic.seconds).toBeLessThan(3_600);
    const asked = ['capacity', 'plan', 'chat-large', '--residency', 'us', '--from-metrics', ...own] as const;
    const strict = await run(...asked, '--first-token-p95-ms', '1', '--token-p95-ms', '1');
    expect([strict.exitCode, strict.stdout]).toEqual([
      1,
      expect.stringContaining('✗ No copy keeps the promise, and serverless was measured to miss it.'),
    ]);
    // Copies would keep this promise, but every call would go to where it is missed.
    const astray = ['--first-token-p95-ms', '1000', '--token-p95-ms', '0.5', '--spill-share-max', '1'];
    const forced = await run(...asked, ...astray, '--output-token-ms', '1:0.1,9:0.2');
    expect([forced.exitCode, forced.stdout]).toEqual([
      1,
      expect.stringContaining(
        '✗ Serverless was measured to miss the promise, and 100 % of calls would go there.',
      ),
    ]);
  });

  it('capacity plan needs no copy for no traffic', async () => {
    const own = ['--engine', 'qwen3-32b', '--instance-type', 'ml.g7e.2xlarge'];
    const figures = ['--prefill-tokens-per-second', '6000', '--from-metrics'];
    const idle = await run('capacity', 'plan', 'chat-small', '--residency', 'us', ...own, ...figures);
    expect([idle.exitCode, idle.stdout]).toEqual([
      0,
      expect.stringContaining('✔ No copies: there is no traffic.'),
    ]);
  });

  it('capacity plan says which metrics it cannot read', async () => {
    await spillway.control('PUT', 'faults', [
      { service: 'monitoring', operation: 'GetMetricData', region: 'eu-west-1', kind: 'throttle' },
    ]);
    const own = [
      '--instance-type',
      'ml.g7e.2xlarge',
      '--engine',
      'qwen3-32b',
      '--prefill-tokens-per-second',
      '6000',
    ];
    const denied = await run('capacity', 'plan', 'chat-large', '--residency', 'us', '--from-metrics', ...own);
    await spillway.control('DELETE', 'faults');
    expect([denied.exitCode, denied.stderr]).toEqual([
      1,
      expect.stringMatching(
        /The metrics of 222222222222 in eu-west-1 cannot be read \(Thrott.*cloudwatch:GetMetricData/,
      ),
    ]);
  });

  it('capacity plan runs as its guide shows it', async () => {
    const guide = readFileSync(join(projectFolder, 'docs/guides/capacity.md'), 'utf8');
    const shown = /```sh\nnpx spillway (capacity plan [\s\S]*?)```/.exec(guide)?.[1] ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'spillway-guide-'));
    const picture = join(folder, 'curve.svg');
    const argv = shown.replace(/\\\n/g, ' ').replace('curve.svg', picture).trim().split(/\s+/).slice(2);
    const { exitCode, stdout, stderr } = await run('capacity', 'plan', ...argv);
    expect([exitCode, stderr, stdout]).toEqual([0, '', expect.stringContaining('ml.g6e.xlarge /1   2.60')]);
    expect(readFileSync(picture, 'utf8')).toContain('</svg>');
    rmSync(folder, { recursive: true });
  });

  it('release-region says what it released', async () => {
    const { exitCode, stdout } = await run(
      'release-region',
      'prod-apac',
      'ap-southeast-2',
      '--reason',
      'a rehearsal',
      '--yes',
    );
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/✔ \d+ targets of ap-southeast-2 \(333333333333\) are released/),
    ]);
  });
});
