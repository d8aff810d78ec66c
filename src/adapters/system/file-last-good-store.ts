/**
 * The last good routes in a file, so that a restarted process has them when the table is away. What it holds is checked
 * again, route by route.
 */
import * as z from 'zod';
import { disabledTargetSchema } from '#contract/disabled-item.ts';
import { routeItemSchema } from '#contract/route-item.ts';
import type { PlacedDisabledTarget } from '#core/plan/disabled-target.ts';
import type { Route } from '#core/plan/route.ts';
import { checksumOf } from '#usecases/plan/seal-route.ts';
import type { Digest } from '#usecases/ports/digest.ts';
import type { LastGood, LastGoodStore } from '#usecases/ports/last-good-store.ts';
import { readOwnFile, replaceOwnFile } from './own-file.ts';

/** 128 targets of some hundred bytes for each of a thousand routes: beyond it the file is not ours. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

const placedSchema = disabledTargetSchema.extend({ region: z.string() });

export function createFileLastGoodStore(options: {
  /** Absolute. Its folder is made when it is missing. */
  readonly path: string;
  readonly digest: Digest;
}): LastGoodStore {
  const { path, digest } = options;
  return {
    async load() {
      const text = await readOwnFile(path, FILE_BYTES_MAX);
      return text === undefined ? undefined : parseLastGood(text, digest);
    },
    save: (lastGood) => replaceOwnFile(path, JSON.stringify(lastGood)),
  };
}

function parseLastGood(text: string, digest: Digest): LastGood | undefined {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { savedAt, routes, disabled } = (kept ?? {}) as Record<string, unknown>;
  if (typeof savedAt !== 'number' || !Number.isSafeInteger(savedAt) || !Array.isArray(routes))
    return undefined;
  return {
    savedAt,
    routes: routes.flatMap((route) => goodRoute(route, digest)),
    disabled: goodWords(disabled),
  };
}

function goodWords(input: unknown): readonly PlacedDisabledTarget[] {
  return (Array.isArray(input) ? input : []).flatMap((word) => {
    const parsed = placedSchema.safeParse(word);
    return parsed.success ? [parsed.data] : [];
  });
}

function goodRoute(input: unknown, digest: Digest): readonly Route[] {
  const parsed = routeItemSchema.safeParse(input);
  if (!parsed.success) return [];
  return checksumOf(parsed.data, digest) === parsed.data.checksum ? [parsed.data] : [];
}
