/** What somebody types at night: every command of the runbooks, run against the product, does and shows what its page says. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { projectFolder } from '#test/tidy/source-files.ts';
import { chat, eventually, type SpillwayProcess, startSpillway } from '../main-job/spillway-process.ts';

const account = '111111111111';
const region = 'us-east-1';
const others = ['us-east-2', 'us-west-2'];
const model = 'chat-small';
const nova = 'amazon.nova-lite-v1:0';

const config = {
  ...{ name: 'night', home: { account, region }, gateways: [region] },
  accounts: [{ id: account, regions: [region, ...others] }],
  residencies: { us: { jurisdictions: ['US'] } },
  models: { [model]: { candidates: [nova], baseline: { us: [region] } } },
  tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us' } },
  audit: { enabled: true },
};

const folder = mkdtempSync(join(tmpdir(), 'spillway-runbooks-'));
const configFile = join(folder, 'config.json');
let spillway: SpillwayProcess;

beforeAll(async () => {
  writeFileSync(configFile, JSON.stringify(config));
  spillway = await startSpillway({ configFile, parameters: ['--discover-every', '0.5'] });
  await chat(spillway.gatewayUrl(region), { body: { model } });
});
afterAll(async () => {
  await spillway?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Words in angle brackets, as somebody at night would fill them in. */
const filledIn: Readonly<Record<string, string>> = {
  ...{
    account,
    id: account,
    region,
    model,
    residency: 'us',
    version: '1',
    n: '5',
    engine: 'llama-3.3-70b',
  },
  target: `${account}/${region}/${nova}`,
};

const ran = new Set<string>();
/** Reasons are anybody's own. */
const formOf = (line: string): string => line.replaceAll(/"[^"]*"/g, '"…"');

/** @param line as it stands in the page */
function run(line: string) {
  ran.add(formOf(line));
  const url = spillway.gatewayUrl(region);
  const argv = [...line.matchAll(/"[^"]*"|\S+/g)].map(([word]) =>
    word
      .replaceAll('"', '')
      .replace(
        /^<(\w+)>$/,
        (_, name) => (({ ...filledIn, url }) as Readonly<Record<string, string>>)[name] ?? word,
      ),
  );
  return runCommandLine(argv, {
    environment: {
      AWS_ENDPOINT_URL: spillway.awsUrl,
      SPILLWAY_PORT: new URL(url).port,
      SPILLWAY_CONFIG: configFile,
    },
    now: new Date().toISOString(),
    typed: 'yes',
  });
}

const until = (line: string, shows: RegExp) =>
  eventually(async () => {
    const told = await run(line);
    return shows.test(told.stdout) ? told : undefined;
  }, `${line} shows ${shows}`);

/** Commands that only look, with what their page has somebody look for on a quiet night. */
const looks: readonly (readonly [line: string, shows: RegExp])[] = [
  ['doctor', /Gateways +✔.*ready\n[\s\S]*Nothing must be done/],
  ['doctor --account <id> --region <region>', /Bedrock +✔ 3 of 3 fine[\s\S]*Nothing must be done/],
  ['audit verify --region <region>', /us-east-1 +1 .* proved/],
  ['audit roots', /"chain": "night\/111111111111\/us-east-1"/],
  ['availability', /use1 use2 usw2\nchat-small\n +amazon\.nova-lite-v1:0 +● +● +●/],
  ['availability --account <id>', /as of just now[\s\S]*amazon\.nova-lite-v1:0 +● +● +●/],
  ['availability --model <model>', /No gaps/],
  ['explain <model> --residency <residency>', /✔ routed: chat-small in us/],
  ['explain <model> --residency <residency> --all', /✔ routed[\s\S]* 6 {2}us-/],
  ['explain <model> --residency <residency> --from <region>', /asked from us-east-1/],
  ['explain <model> --residency <residency> --lane bulk', /✔ routed/],
  ['explain <model> --url <url>', /route version 1 from the routing table/],
  ['history <model>', /version 1 current/],
  ['routes', /chat-small · us {2}version 1/],
  ['routes <model>', /6 targets · baseline 1/],
  [
    'capacity plan <model> --engine <engine> --requests-per-second <n> --input-tokens <n> --output-tokens <n>',
    /copies/i,
  ],
];

describe('the commands of the runbooks', () => {
  it.each(looks)('%s shows what its page looks for', async (line, shows) => {
    await eventually(async () => {
      const told = await run(line);
      return told.exitCode === 0 && shows.test(told.stdout) ? true : undefined;
    }, line).catch(async (error: unknown) => {
      const told = await run(line);
      expect([told.exitCode, told.stdout, told.stderr, String(error)]).toEqual([0, shows, '', '']);
    });
  });

  it('take a target that fails again and again out, and back', async () => {
    const all = 'explain <model> --residency <residency> --all';
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', region, target: nova, kind: 'error', error: 'InternalServerException' },
    ]);
    const calls = Array.from({ length: 8 }, () => chat(spillway.gatewayUrl(region), { body: { model } }));
    await Promise.all(calls);
    await until(all, /ejected/);
    await spillway.control('DELETE', 'faults');
    const disabled = await run('disable <target> --reason "fails, see alarm" --hours 4');
    expect([disabled.exitCode, disabled.stdout]).toEqual([0, expect.stringContaining('is disabled until')]);
    await until(all, /disabled/);
    const enabled = await run('enable <target> --reason "answers again"');
    expect([enabled.exitCode, enabled.stdout]).toEqual([0, expect.stringContaining('may be called again')]);
  });

  it('publish a loss that is real, go back from it, and let plan go on', async () => {
    await spillway.control(
      'PATCH',
      'catalogue',
      others.map((each) => ({ region: each, modelId: nova, inferenceTypes: ['PROVISIONED'] })),
    );
    const published = await eventually(async () => {
      const told = await run('publish <model> <residency> --reason "loss is real" --force');
      return told.exitCode === 0 ? told : undefined;
    }, 'a loss that the guard keeps');
    expect(published.stdout).toMatch(/version 2/);
    await until('history <model>', /version 2 current[\s\S]*loss is real/);
    const back = await run('rollback <model> <residency> --to <version> --reason "published too early"');
    expect([back.exitCode, back.stdout]).toEqual([0, expect.stringContaining('version 3')]);
    const lifted = await run('lift-hold <model> <residency> --reason "readable again"');
    expect([lifted.exitCode, lifted.stderr]).toEqual([0, expect.stringContaining('readable again')]);
  });

  it('release a region that is gone for good', async () => {
    const told = await run('release-region <account> <region> --reason "left"');
    expect([told.exitCode, told.stdout]).toEqual([
      0,
      expect.stringMatching(/targets of us-east-1 .* are released/),
    ]);
  });

  it('are all that stand there, but one that test/cli/deploy-waves.test.ts has', () => {
    const pages = `${projectFolder}/docs/runbooks`;
    const text = readdirSync(pages).map((name) => readFileSync(join(pages, name), 'utf8'));
    const printed = text.join('\n').matchAll(/`npx spillway ([^`]+)`/g);
    const forms = new Set([...printed].map(([, line = '']) => formOf(line)));
    expect([...forms].filter((form) => !ran.has(form))).toEqual(['deploy-waves']);
    expect([...ran].filter((form) => !forms.has(form))).toEqual([]);
  });
});
