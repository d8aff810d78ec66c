import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryChainHeadStore } from '#adapters/memory/memory-chain-head-store.ts';
import { createMemorySegmentStore } from '#adapters/memory/memory-segment-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { createLocalAws } from '#local/local-aws.ts';
import type { OpenRegionArchive } from '#runtime/open-audit.ts';
import { aHandedRecord } from '#test/builders/a-chain.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { createSealer } from '#usecases/audit/seal-records.ts';

/** Five records in Frankfurt, in segments of two, two and one; nothing anywhere else. */
async function aTrail() {
  const clock = { now: () => Date.UTC(2026, 10, 21, 7) };
  const lock = { mode: 'compliance', until: '2027-11-21T00:00:00.000Z' } as const;
  const stores = () => ({
    segments: createMemorySegmentStore({ clock, lock }),
    heads: createMemoryChainHeadStore(),
    close: () => undefined,
  });
  const frankfurt = stores();
  const chain = 'acme/222222222222/eu-central-1';
  const sealer = createSealer({
    ...{ ...frankfurt, chain, digest: cryptoDigest, clock },
    log: { write: () => undefined },
  });
  for (const sequences of [[1, 2], [3, 4], [5]]) await sealer.seal(sequences.map(aHandedRecord));
  const openArchive: OpenRegionArchive = async ({ account, region }) =>
    region === 'eu-central-1' ? { ...frankfurt, chain } : { ...stores(), chain: `acme/${account}/${region}` };
  return { openArchive, texts: frankfurt.segments.texts };
}

const now = '2026-11-21T09:00:00Z';

describe('spillway audit verify', () => {
  it('proves the trail of every gateway region', async () => {
    const { openArchive } = await aTrail();
    const { exitCode, stdout } = await runCommandLine(['audit', 'verify'], {
      openArchive,
      now,
      columns: 140,
    });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      expect.arrayContaining(['region', 'records', 'chain']),
      expect.arrayContaining(['us-east-1', 'nothing to prove']),
      ['eu-central-1', '5', '1 to 5', expect.any(String), '2027-11-21 (compliance)', 'proved'],
      expect.arrayContaining(['ap-northeast-1', 'nothing to prove']),
      expect.arrayContaining(['eu-west-1', 'nothing to prove']),
      [''],
    ]);
  });

  it('fails with the first broken record by name', async () => {
    const { openArchive, texts } = await aTrail();
    const key = 'segments/000000000000003.jsonl';
    texts.set(key, (texts.get(key) ?? '').replace('"tokens":4', '"tokens":1'));
    const { exitCode, stdout } = await runCommandLine(['audit', 'verify', '--region', 'eu-central-1'], {
      ...{ openArchive, now, columns: 140 },
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `eu-central-1: record 4 (decision-4) in ${key}: record-changed, it is not what the line after it was chained to`,
    );
  });

  it('tells programs all of it', async () => {
    const { openArchive, texts } = await aTrail();
    texts.delete('segments/000000000000003.jsonl');
    const { exitCode, stdout } = await runCommandLine(
      ['audit', 'verify', '--region', 'eu-central-1', '--json'],
      { openArchive, now },
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      proved: false,
      regions: [
        {
          region: 'eu-central-1',
          findings: [{ kind: 'segment-missing', sequence: 3, lastSequence: 4 }],
        },
      ],
    });
  });

  it('looks at what was sealed in a period', async () => {
    const { openArchive } = await aTrail();
    const period = ['--from', '2026-11-21T08:00:00Z', '--to', '2026-11-23'];
    const { exitCode, stdout } = await runCommandLine(
      ['audit', 'verify', '--region', 'eu-central-1', '--json', ...period],
      { openArchive, now },
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ regions: [{ sequences: { first: 5, last: 5 } }] });
  });

  it('proves nothing where nothing was ever sealed', async () => {
    const { openArchive } = await aTrail();
    const { exitCode, stdout } = await runCommandLine(
      ['audit', 'verify', '--region', 'us-east-1', '--json'],
      { openArchive, now },
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ proved: false, regions: [{ segments: 0, findings: [] }] });
  });

  it('refuses regions without a gateway, and times that are none', async () => {
    const elsewhere = await runCommandLine(['audit', 'verify', '--region', 'eu-west-9']);
    expect(elsewhere).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('eu-west-9') });
    const never = await runCommandLine(['audit', 'verify', '--from', 'never']);
    expect(never).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--from must be') });
  });

  describe('against an AWS without a trail', () => {
    let aws: Awaited<ReturnType<typeof createLocalAws>>;
    beforeAll(async () => {
      aws = await createLocalAws({ port: 0 });
    });
    afterAll(() => aws.close());

    it('fails, and says what does not exist', async () => {
      const { exitCode, stderr } = await runCommandLine(['audit', 'verify', '--aws-url', aws.url]);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/do not exist there/);
    });
  });
});
