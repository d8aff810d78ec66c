import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '#cli/run-cli.ts';
import { createTerminal } from '#cli/terminal/terminal.ts';
import { type CliRuntime, createCliRuntime, type OpenTables } from '#runtime/cli-runtime.ts';
import type { Environment } from '#runtime/environment.ts';
import type { OpenKeyStore } from '#runtime/key-desk.ts';
import type { OpenRegionArchive } from '#runtime/open-audit.ts';

export interface CliOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSession {
  readonly environment?: Environment;
  /** @default '2026-11-21T07:30:00Z' */
  readonly now?: string;
  readonly openTables?: OpenTables;
  readonly openKeyStore?: OpenKeyStore;
  readonly openArchive?: OpenRegionArchive;
  /** Takes the place of the CDK's command line. */
  readonly cdkProgram?: string;
  /** Where runs of waves lock each other out. @default - a folder of this session's own */
  readonly lockFolder?: string;
  /** What a person types at a question; undefined where nobody sits there. */
  readonly typed?: string;
  readonly columns?: number;
}

type Inventory = ReturnType<CliRuntime['readInventory']>;

/** Seconds of the CDK's work go into one, and nothing that a test does changes what it is made of. */
const inventories = new Map<string, Inventory>();

function madeOnce(name: string, make: () => Inventory): Inventory {
  const known = inventories.get(name);
  if (known !== undefined) return known;
  const inventory = make();
  inventories.set(name, inventory);
  inventory.catch(() => inventories.delete(name));
  return inventory;
}

/** Runs one command line as the program would, from the project's folder, and keeps what it wrote. */
export async function runCommandLine(argv: readonly string[], session: CliSession = {}): Promise<CliOutcome> {
  const {
    environment = {},
    now = '2026-11-21T07:30:00Z',
    openTables,
    openKeyStore,
    openArchive,
    cdkProgram,
    typed,
    columns = 100,
  } = session;
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: typed !== undefined,
    columns,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const terminal = createTerminal(
    {
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      stdinIsTerminal: typed !== undefined,
      readLine: async (question) => {
        written.stderr += question;
        return typed ?? '';
      },
    },
    { colour: 'never', columns },
  );
  const lockFolder = session.lockFolder ?? mkdtempSync(join(tmpdir(), 'spillway-cli-session-'));
  const made = createCliRuntime({
    lockFolder,
    environment,
    folder: fileURLToPath(new URL('../..', import.meta.url)),
    now: () => Date.parse(now),
    audit: (line) => {
      written.stderr += line;
    },
    ...(openTables === undefined ? {} : { openTables }),
    ...(openKeyStore === undefined ? {} : { openKeyStore }),
    ...(cdkProgram === undefined ? {} : { cdkProgram }),
    ...(openArchive === undefined ? {} : { openArchive }),
  });
  try {
    const readInventory: CliRuntime['readInventory'] = (file, context) =>
      madeOnce(JSON.stringify([file, context]), () => made.readInventory(file, context));
    const exitCode = await runCli(argv, { runtime: { ...made, readInventory }, terminal });
    return { exitCode, ...written };
  } finally {
    if (session.lockFolder === undefined) rmSync(lockFolder, { recursive: true, force: true });
  }
}
