/**
 * The last good routes in a file, so that a restarted process has them when the table is away.
 *
 * The folder may be a shared one (`/tmp`): the file is readable by its owner alone, one of another owner is not read,
 * and it is replaced whole, so that a reader never sees half of it. What it holds is checked again, route by route.
 */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { routeItemSchema } from '#contract/route-item.ts';
import type { Route } from '#core/plan/route.ts';
import { checksumOf } from '#usecases/plan/seal-route.ts';
import type { Digest } from '#usecases/ports/digest.ts';
import type { LastGood, LastGoodStore } from '#usecases/ports/last-good-store.ts';

/** 128 targets of some hundred bytes for each of a thousand routes: beyond it the file is not ours. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

export function createFileLastGoodStore(options: {
  /** Absolute. Its folder is made when it is missing. */
  readonly path: string;
  readonly digest: Digest;
}): LastGoodStore {
  const { path, digest } = options;
  let writes = 0;
  return {
    async load() {
      const text = await readOwnFile(path);
      return text === undefined ? undefined : parseLastGood(text, digest);
    },
    async save(lastGood) {
      await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
      writes += 1;
      const draft = `${path}.${process.pid}.${writes}.draft`;
      try {
        // `wx`: a link that somebody else put there is not followed.
        const file = await open(draft, 'wx', OWNER_ONLY_FILE);
        try {
          await file.writeFile(JSON.stringify(lastGood));
        } finally {
          await file.close();
        }
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}

async function readOwnFile(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { uid, size } = await file.stat();
      const isOwn = process.getuid === undefined || uid === process.getuid();
      return isOwn && size <= FILE_BYTES_MAX ? await file.readFile('utf8') : undefined;
    } finally {
      await file.close();
    }
  } catch {
    // Missing, unreadable, not a file: there is simply nothing kept.
    return undefined;
  }
}

function parseLastGood(text: string, digest: Digest): LastGood | undefined {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { savedAt, routes } = (kept ?? {}) as { savedAt?: unknown; routes?: unknown };
  if (typeof savedAt !== 'number' || !Number.isSafeInteger(savedAt) || !Array.isArray(routes))
    return undefined;
  return { savedAt, routes: routes.flatMap((route) => goodRoute(route, digest)) };
}

function goodRoute(input: unknown, digest: Digest): readonly Route[] {
  const parsed = routeItemSchema.safeParse(input);
  if (!parsed.success) return [];
  return checksumOf(parsed.data, digest) === parsed.data.checksum ? [parsed.data] : [];
}
