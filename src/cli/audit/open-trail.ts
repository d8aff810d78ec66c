import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SpillwayConfig } from '#contract/config.ts';
import { type RootsFile, readRootsFile } from '#runtime/cli-runtime.ts';
import type { RegionArchive, TrailToRead } from '#usecases/audit-proof/read-trail.ts';
import type { CommandContext } from '../command.ts';
import { openAws } from '../open-deployment.ts';
import type { CommandSpec } from '../parse-command-line.ts';
import { CommandFailure, UsageError } from '../usage-error.ts';

/** The options that say whose word of the chain's length is taken. */
export const witnessOptions: CommandSpec['options'] = {
  roots: {
    type: 'string',
    value: '<file>',
    help: 'signed roots as `spillway audit roots` printed them (default: those that the home account keeps)',
  },
  'public-key': {
    type: 'string',
    value: '<file>',
    help: 'the key of the witness as PEM, for roots of a file (default: the one in the file)',
  },
};

export interface OpenTrail extends Pick<TrailToRead, 'digest' | 'clock' | 'archives'> {
  close(): void;
}

/** The trails of gateway regions, all unless some are named. Fails where a region's account is not open, or home's. */
export async function openTrail(
  context: CommandContext,
  config: SpillwayConfig,
  regions: readonly string[] = config.gateways,
): Promise<OpenTrail> {
  const { runtime } = context;
  const rootsFile = readRoots(context);
  const aws = await openAws(context, config);
  const archives: (RegionArchive & { close(): void })[] = [];
  const close = (): void => {
    for (const archive of archives) archive.close();
    aws.close();
  };
  for (const region of regions) {
    try {
      archives.push({ region, ...(await runtime.openArchive(config, aws, { region, rootsFile })) });
    } catch (error) {
      close();
      throw unreadable(region, error);
    }
  }
  return { archives, digest: runtime.digest, clock: runtime.clock, close };
}

function unreadable(region: string, error: unknown): CommandFailure {
  return new CommandFailure(`The trail of ${region} cannot be read: ${String(error)}`, error);
}

function readRoots(context: CommandContext): RootsFile | undefined {
  const { line } = context;
  const [file, keyFile] = [line.text('roots'), line.text('public-key')];
  if (file === undefined && keyFile !== undefined)
    throw new UsageError('--public-key goes with --roots: the key of roots at home is asked for there');
  if (file === undefined) return undefined;
  const roots = readAs(context, { option: 'roots', file }, readRootsFile);
  if (keyFile === undefined) return roots;
  return { ...roots, publicKey: readAs(context, { option: 'public-key', file: keyFile }, publicKeyOf) };
}

function publicKeyOf(text: string): string {
  if (text.includes('BEGIN PUBLIC KEY')) return text;
  throw new Error('it holds no PUBLIC KEY in PEM');
}

function readAs<Value>(
  { runtime }: CommandContext,
  { option, file }: { readonly option: string; readonly file: string },
  read: (text: string) => Value,
): Value {
  try {
    return read(readFileSync(resolve(runtime.folder, file), 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--${option}: ${file} cannot be read: ${why}`);
  }
}
