import { describe, expect, it } from 'vitest';
import { createMemoryChainHeadStore } from '#adapters/memory/memory-chain-head-store.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { anAuditedGateway } from '#test/builders/an-audited-gateway.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';

const east = aTarget();

async function world() {
  const made = await anAuditedGateway([east, aTarget({ region: 'eu-central-1' })]);
  const run = (line: string, openArchive = made.openArchive) =>
    runCommandLine(line.split(' '), { openArchive, now: '2026-11-21T09:00:00Z' });
  return { ...made, run };
}

describe('spillway audit residency', () => {
  it('prints the proof of a tenant and a period, for people and for programs', async () => {
    const { chat, seal, run } = await world();
    await chat();
    await seal(1);
    const { exitCode, stdout } = await run('audit residency --tenant demo --from 2026-11-21 --to 2026-11-21');
    expect(stdout.split('\n')).toEqual([
      'demo · 2026-11-21 00:00:00Z to 2026-11-21 23:59:59Z',
      '✔ Proven: 1 decision judged anew, and none of them left its residency.',
      '  eu-central-1: nothing to prove: nothing was ever sealed there',
      '  ap-northeast-1: nothing to prove: nothing was ever sealed there',
      '  eu-west-1: nothing to prove: nothing was ever sealed there',
      '',
      'us  1 decision',
      '  region     called there  may have run there',
      '  us-east-1             1                   1',
      '',
    ]);
    expect(exitCode).toBe(0);
    const json = await run('audit residency --tenant demo --json');
    expect(json.exitCode).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      tenant: 'demo',
      proven: true,
      from: null,
      decisions: 1,
      violations: [],
      chains: [{ region: 'us-east-1', records: 1, findings: [] }, {}, {}, {}],
    });
  });

  it('fails where the trail was touched, and says that nothing is proven', async () => {
    const { chat, seal, run, segments } = await world();
    await chat();
    await seal(1);
    const [key = '', text = ''] = [...segments.texts][0] ?? [];
    segments.texts.set(key, text.replace('"interactive"', '"standard"'));
    const { exitCode, stdout } = await run('audit residency --tenant demo');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✘ Not proven');
    expect(stdout).toContain('us-east-1: record-changed');
  });

  it('proves nothing where nothing was recorded', async () => {
    const { chat, seal, run } = await world();
    await chat();
    await seal(1);
    const before = await run('audit residency --tenant demo --to 2026-11-01');
    expect(before).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('✘ Nothing to prove') });
    const nobody = await run('audit residency --tenant nobody');
    expect(nobody).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the tenants are demo') });
    expect(await run('audit residency --tenant demo --from 2027-01-01')).toMatchObject({ exitCode: 2 });
    expect(await run('audit residency --tenant demo --from 2026-02-30')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--from must be a day or a time in UTC'),
    });
  });

  it('proves nothing where everything was hidden, the head too', async () => {
    const { chat, seal, run, segments, openArchive } = await world();
    await chat();
    await seal(1);
    for (const key of segments.texts.keys()) segments.hidden.add(key);
    const headless: typeof openArchive = async (place) => ({
      ...(await openArchive(place)),
      heads: createMemoryChainHeadStore(),
    });
    const { exitCode, stdout } = await run('audit residency --tenant demo', headless);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✘ Not proven');
    expect(stdout).toContain('us-east-1: segment-hidden');
    expect(stdout).toContain('us-east-1: head-missing');
  });

  it('needs to know whose', async () => {
    const { run } = await world();
    expect(await run('audit residency')).toMatchObject({ exitCode: 2 });
  });
});
