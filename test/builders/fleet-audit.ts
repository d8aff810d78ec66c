/** The audit trails of a deployed fleet: what is sealed in them, and what `spillway audit verify` says of them. */
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { auditBucketName } from '#contract/resources.ts';
import type { ChainFinding } from '#core/audit/finding.ts';
import { runCommandLine } from './cli-session.ts';
import type { DeployedFleet } from './deployed-fleet.ts';

export interface TrailPlace {
  readonly account: string;
  readonly region: string;
}

export interface SealedRecord {
  /** Of the request. */
  readonly id: string;
  /** `batch` for a line of a batch. */
  readonly caller: string;
  /** By which its segment is kept from deletion. Undefined where nothing keeps it. */
  readonly lockMode: string | undefined;
}

/** Everything in the chain of a region, read by the account's administrator. */
export async function sealedRecords(
  { cloud }: DeployedFleet,
  place: TrailPlace,
): Promise<readonly SealedRecord[]> {
  const s3 = cloud.clients.s3(place);
  const Bucket = auditBucketName('acme', place.account, place.region);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const segments = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body, ObjectLockMode } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const lines = ((await Body?.transformToString()) ?? '').split('\n').filter((line) => line !== '');
      return lines.flatMap((line) => recordsOf(line, ObjectLockMode));
    }),
  );
  return segments.flat();
}

function recordsOf(line: string, lockMode: string | undefined): readonly SealedRecord[] {
  const { record } = JSON.parse(line) as {
    record?: { id: string; caller?: { kind: string } };
  };
  // The seal of a segment is a line too, and no record.
  return record === undefined ? [] : [{ id: record.id, caller: record.caller?.kind ?? '', lockMode }];
}

export interface TrailVerdict {
  readonly exitCode: number;
  readonly proved: boolean;
  /** Up to which record its witness signed it. */
  readonly signed: number | undefined;
  readonly findings: readonly ChainFinding[];
}

/** Runs the command line as an operator does. */
export async function verifyTrail(
  { cloud }: DeployedFleet,
  configFile: string,
  region: string,
): Promise<TrailVerdict> {
  const where = ['--config', configFile, '--aws-url', cloud.aws.url, '--region', region, '--json'];
  const { exitCode, stdout, stderr } = await runCommandLine(['audit', 'verify', ...where], {
    now: new Date().toISOString(),
  });
  if (stdout === '') throw new Error(`audit verify says nothing: ${stderr}`);
  const { proved, regions } = JSON.parse(stdout) as {
    proved: boolean;
    regions: readonly {
      readonly findings: readonly ChainFinding[];
      readonly signed?: { readonly sequence: number };
    }[];
  };
  const signed = regions[0]?.signed?.sequence;
  return { exitCode, proved, signed, findings: regions.flatMap(({ findings }) => findings) };
}
