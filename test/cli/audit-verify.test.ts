import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryChainHeadStore } from '#adapters/memory/memory-chain-head-store.ts';
import { createMemorySegmentStore } from '#adapters/memory/memory-segment-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { genesis } from '#core/audit/chain.ts';
import { rootText } from '#core/audit/signed-root.ts';
import { createLocalAws } from '#local/local-aws.ts';
import type { OpenRegionArchive } from '#runtime/open-audit.ts';
import { aHandedRecord } from '#test/builders/a-chain.ts';
import { signatureOf, witnessKey } from '#test/builders/a-witness.ts';
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
  const head = (await frankfurt.heads.load()) ?? genesis(chain, cryptoDigest.sha256Hex);
  return { openArchive, texts: frankfurt.segments.texts, head };
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
      ['eu-central-1', '5', '1 to 5', expect.any(String), '–', '2027-11-21 (compliance)', 'proved'],
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
    const period = ['--from', '2026-11-21T08:00:00Z', '--to', '2026-11-21'];
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

  describe('with signed roots of a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spillway-roots-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const written = (name: string, content: unknown) => {
      const file = join(folder, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    };
    const rootsOf = (sequence: number, hash: string, publicKey: string) => {
      const chain = 'acme/222222222222/eu-central-1';
      const root = { chain, sequence, hash, signedAt: '2026-11-21T08:00:00.000Z' };
      return { publicKey, roots: [{ root, signature: signatureOf(rootText(root)) }] };
    };
    const run = async (...options: readonly string[]) => {
      const { openArchive, head } = await aTrail();
      const line = ['audit', 'verify', '--region', 'eu-central-1', '--json', ...options];
      return { head, ...(await runCommandLine(line, { openArchive, now })) };
    };

    it('proves a chain that holds them, and breaks one that ends before', async () => {
      const { head } = await aTrail();
      const held = await run('--roots', written('held', rootsOf(head.sequence, head.hash, witnessKey)));
      expect(held.exitCode).toBe(0);
      expect(JSON.parse(held.stdout).regions[0]).toMatchObject({ signed: { sequence: 5 }, findings: [] });
      const cut = await run('--roots', written('cut', rootsOf(9, head.hash, witnessKey)));
      expect(cut.exitCode).toBe(1);
      const [{ findings }] = JSON.parse(cut.stdout).regions;
      expect(findings).toMatchObject([{ kind: 'root-beyond-end', sequence: 6, lastSequence: 9 }]);
    });

    it('believes the key that is given rather than the one in the file', async () => {
      const { head } = await aTrail();
      const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
      const pem = other.export({ type: 'spki', format: 'pem' }).toString();
      const roots = written('roots', rootsOf(5, head.hash, witnessKey));
      const right = await run('--roots', roots, '--public-key', written('right.pem', witnessKey));
      expect(right.exitCode).toBe(0);
      const wrong = await run('--roots', roots, '--public-key', written('wrong.pem', pem));
      expect(JSON.parse(wrong.stdout).regions[0].findings[0]).toMatchObject({ kind: 'root-unproved' });
    });

    it.each([
      [['--roots', 'nowhere.json'], /--roots: nowhere.json cannot be read: ENOENT/],
      [['--public-key', 'key.pem'], /--public-key goes with --roots/],
    ])('refuses %j', async (options, why) => {
      const { exitCode, stderr } = await run(...options);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(why) });
    });

    it('names what is wrong with a file', async () => {
      const { exitCode, stderr } = await run('--roots', written('bad', { publicKey: 5, roots: [{}] }));
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/publicKey: .*roots\.0\.root: /s);
    });
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
