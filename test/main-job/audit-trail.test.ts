/** What it must show, 5: requests over real sockets end up in a chain that is proved, and whose damage is named. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChainFinding } from '#core/audit/finding.ts';
import regulated from '#examples/regulated.config.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { commandsOfGuide } from '#test/builders/guide-commands.ts';
import { chat, eventually, type SpillwayProcess, startSpillway } from './spillway-process.ts';

const account = '111111111111';
const region = 'us-west-2';
const other = 'us-east-1';
const Bucket = `trail-audit-${account}-${region}`;

const config = {
  name: 'trail',
  home: { account, region: other },
  accounts: [{ id: account, regions: [other, region] }],
  gateways: [region, other],
  residencies: { us: { jurisdictions: ['US'] } },
  models: { small: { candidates: ['amazon.nova-lite-v1:0'], baseline: { us: [other] } } },
  tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us' } },
  audit: { ...regulated.audit, retentionDays: 200 },
};

const folder = mkdtempSync(join(tmpdir(), 'spillway-audit-'));
const configFile = join(folder, 'config.json');
let spillway: SpillwayProcess;
let s3: S3Client;
let sqs: SQSClient;

beforeAll(async () => {
  writeFileSync(configFile, JSON.stringify(config));
  spillway = await startSpillway({ configFile });
  const access = {
    region,
    endpoint: spillway.awsUrl,
    credentials: { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` },
  };
  s3 = new S3Client({ ...access, forcePathStyle: true });
  sqs = new SQSClient({ ...access, useQueueUrlAsEndpoint: false });
});
afterAll(async () => {
  s3?.destroy();
  sqs?.destroy();
  await spillway?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface RegionVerdict {
  readonly region: string;
  readonly records: number;
  readonly findings: readonly ChainFinding[];
  readonly onTheirWay: readonly unknown[];
  readonly lockedUntil?: string;
  readonly signed?: { readonly sequence: number };
}

const place = () => ['--config', configFile, '--aws-url', spillway.awsUrl];

async function verify(at = region, options: readonly string[] = []) {
  const parameters = [...place(), '--region', at, '--json', ...options];
  const now = new Date().toISOString();
  const { exitCode, stdout } = await runCommandLine(['audit', 'verify', ...parameters], { now });
  const { regions } = JSON.parse(stdout) as { regions: readonly RegionVerdict[] };
  return { exitCode, verdict: regions[0] as RegionVerdict };
}

/** The words of a guide against this deployment: its own configuration, files of this folder, and today's period. */
function here(words: readonly string[], now: string): readonly string[] {
  const own = words.map((word) =>
    /\.(json|pem)$/.test(word)
      ? join(folder, word)
      : /^\d{4}-\d\d-\d\d$/.test(word)
        ? now.slice(0, 10)
        : word,
  );
  const at = own.indexOf('--config');
  return [...(at < 0 ? own : own.toSpliced(at, 2)), ...place()];
}

const ask = async (stream: boolean, at = region): Promise<void> => {
  const answer = await chat(spillway.gatewayUrl(at), { body: { model: 'small', stream } });
  expect(answer.status).toBe(200);
  await answer.text();
};

const sealed = (records: number, at = region) =>
  eventually(async () => {
    const found = await verify(at);
    return found.verdict.records >= records ? found : undefined;
  }, `${records} records to be sealed`);

describe('the audit trail of a gateway region', () => {
  it('holds every request that was answered there, locked, and is proved', async () => {
    for (let index = 0; index < 6; index += 1) await ask(index % 2 === 0);
    await ask(false, other);
    const { exitCode, verdict } = await sealed(6);
    expect({ exitCode, records: verdict.records, findings: verdict.findings }).toEqual({
      ...{ exitCode: 0, records: 6, findings: [] },
    });
    const days = (Date.parse(verdict.lockedUntil ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(200);
    expect((await sealed(1, other)).verdict.records).toBe(1);
  });

  it('is proved by every command of docs/guides/audit.md', async () => {
    for (const each of [region, other])
      await eventually(async () => (await verify(each)).verdict.signed, `a root of ${each} to be signed`);
    const commands = commandsOfGuide('audit.md');
    expect(commands.map(({ words }) => words.slice(0, 2).join(' '))).toContain('audit replay');
    expect(commands.length).toBeGreaterThanOrEqual(6);
    const now = new Date().toISOString();
    for (const { line, words, into } of commands) {
      const { exitCode, stdout, stderr } = await runCommandLine(here(words, now), { now });
      expect({ line, exitCode, stderr }).toEqual({ line, exitCode: 0, stderr: '' });
      if (into === undefined) continue;
      writeFileSync(join(folder, into), stdout);
      writeFileSync(join(folder, 'witness.pem'), JSON.parse(stdout).publicKey);
    }
  });

  it('stays in its region, in the journal of what was called too', async () => {
    const calls = (await spillway.journal()).filter(
      ({ target }) => target?.startsWith('trail-audit') === true,
    );
    const written = calls.filter(({ operation }) => operation === 'PutObject');
    expect(written.length).toBeGreaterThanOrEqual(2);
    for (const { target, region: called } of written) expect(target).toContain(`-${called}/segments/`);
    const sent = calls.filter(({ operation }) => operation === 'SendMessageBatch');
    expect(new Set(sent.map(({ region: called }) => called))).toEqual(new Set([region, other]));
  });

  it('names the record that somebody changed, and is proved again by the version that is locked', async () => {
    const Key = 'segments/000000000000001.jsonl';
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const text = (await Body?.transformToString()) ?? '';
    const changed = text.replace('"tenant":"demo"', '"tenant":"nemo"');
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: changed }));
    const { exitCode, verdict } = await verify();
    expect(exitCode).toBe(1);
    const { id } = JSON.parse(text.split('\n')[0] ?? '').record;
    // A segment of one record has its witness in the next one: then this finding comes after that of its place.
    for (const finding of [{ kind: 'record-changed', sequence: 1, id }, { kind: 'segment-overlaid' }])
      expect(verdict.findings).toContainEqual(expect.objectContaining({ ...finding, segment: Key }));
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    expect(Versions.map((version) => version.IsLatest)).toEqual([true, false]);
    const remove = { Bucket, Key, VersionId };
    await expect(s3.send(new DeleteObjectCommand(remove))).rejects.toMatchObject({ name: 'AccessDenied' });
    await s3.send(new DeleteObjectCommand({ ...remove, BypassGovernanceRetention: true }));
    expect((await verify()).exitCode).toBe(0);
  });

  it('names a segment that was hidden, and is proved again when the mark of its deletion is gone', async () => {
    const before = (await verify()).verdict.records;
    await ask(false);
    await sealed(before + 1);
    const Key = 'segments/000000000000001.jsonl';
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    const { exitCode, verdict } = await verify();
    expect(exitCode).toBe(1);
    const kinds = verdict.findings.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['segment-hidden', 'segment-missing']));
    const { DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const [mark] = DeleteMarkers;
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: mark?.VersionId }));
    expect((await verify()).exitCode).toBe(0);
  });

  it('is broken, not empty, where all of it was hidden and its head deleted, and nobody begins another', async () => {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    for (const { Key } of Versions) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    const access = { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` };
    const tables = new DynamoDBClient({ region, endpoint: spillway.awsUrl, credentials: access });
    const Key = { chain: { S: `trail/${account}/${region}` }, item: { S: 'head' } };
    await tables.send(new DeleteItemCommand({ TableName: 'trail-audit', Key }));
    tables.destroy();
    const { exitCode, verdict } = await verify();
    expect(exitCode).toBe(1);
    const kinds = verdict.findings.map(({ kind }) => kind);
    expect(kinds).toContain('head-missing');
    expect(kinds.filter((kind) => kind === 'segment-hidden')).toHaveLength(Versions.length);
    await ask(false);
    const isTold = async () => spillway.output().includes('audit-head-missing') || undefined;
    await eventually(isTold, 'the sealer to refuse');
    expect((await verify()).verdict.records).toBe(0);
  });
});

describe('a record that no queue takes', () => {
  it('stands in the log while answers go on, and fills its gap when its message is sent', async () => {
    const before = (await verify(other)).verdict.records;
    await spillway.control('PUT', 'faults', [
      { service: 'sqs', operation: 'SendMessageBatch', region: other, kind: 'throttle' },
    ]);
    await ask(false, other);
    const message = await eventually(async () => {
      const line = spillway
        .output()
        .split('\n')
        .find((each) => each.includes('audit-record-unsent'));
      return line === undefined ? undefined : String(JSON.parse(JSON.parse(line).message).message);
    }, 'the record to be told');
    await spillway.control('DELETE', 'faults');
    expect(JSON.parse(message).record).toMatchObject({ region: other, tenant: 'demo' });
    const client = new SQSClient({
      ...{ region: other, endpoint: spillway.awsUrl, useQueueUrlAsEndpoint: false },
      credentials: { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` },
    });
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'trail-audit' }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: message }));
    client.destroy();
    const { exitCode, verdict } = await sealed(before + 1, other);
    expect({ exitCode, onTheirWay: verdict.onTheirWay }).toEqual({ exitCode: 0, onTheirWay: [] });
  });
});

describe('what the witness signed at home', () => {
  it('names all that is gone where an administrator takes every version away, and the head', async () => {
    const { verdict } = await eventually(async () => {
      const found = await verify(other);
      return found.verdict.signed === undefined ? undefined : found;
    }, 'a root to be signed');
    const signed = verdict.signed?.sequence ?? 0;
    expect(verdict.findings).toEqual([]);
    const printed = await runCommandLine(['audit', 'roots', '--region', other, ...place()]);
    expect(printed.exitCode).toBe(0);
    const rootsFile = join(folder, 'roots.json');
    writeFileSync(rootsFile, printed.stdout);
    const own = clientsOf(other);
    const bucket = `trail-audit-${account}-${other}`;
    const { Versions = [] } = await own.s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    for (const { Key, VersionId } of Versions)
      await own.s3.send(
        new DeleteObjectCommand({ Bucket: bucket, Key, VersionId, BypassGovernanceRetention: true }),
      );
    const Key = { chain: { S: `trail/${account}/${other}` }, item: { S: 'head' } };
    await own.tables.send(new DeleteItemCommand({ TableName: 'trail-audit', Key }));
    const gone = { kind: 'root-beyond-end', sequence: 1, lastSequence: signed };
    for (const options of [[], ['--roots', rootsFile]]) {
      const { exitCode, verdict: emptied } = await verify(other, options);
      expect({ exitCode, records: emptied.records }).toEqual({ exitCode: 1, records: 0 });
      expect(emptied.findings).toMatchObject([gone]);
    }
    const isTold = async () => spillway.output().includes('audit-root-ahead') || undefined;
    await eventually(isTold, 'the witness to see it too');
    own.close();
  });
});

function clientsOf(of: string) {
  const access = {
    ...{ region: of, endpoint: spillway.awsUrl },
    credentials: { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` },
  };
  const own = { s3: new S3Client({ ...access, forcePathStyle: true }), tables: new DynamoDBClient(access) };
  const close = (): void => {
    own.s3.destroy();
    own.tables.destroy();
  };
  return { ...own, close };
}
