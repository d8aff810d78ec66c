/**
 * A file of this process's owner in a folder that may be a shared one (`/tmp`): readable by its owner alone, never read
 * when it is somebody else's, and replaced whole, so that a reader never sees half of it.
 */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

let drafts = 0;

/** Undefined where it is missing, unreadable, another owner's or larger than `bytesMax`. */
export async function readOwnFile(path: string, bytesMax: number): Promise<string | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { uid, size } = await file.stat();
      const isOwn = process.getuid === undefined || uid === process.getuid();
      return isOwn && size <= bytesMax ? await file.readFile('utf8') : undefined;
    } finally {
      await file.close();
    }
  } catch {
    // Missing, unreadable, not a file: there is simply nothing kept.
    return undefined;
  }
}

/** @throws the file system's error; what stood there before still does */
export async function replaceOwnFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  drafts += 1;
  const draft = `${path}.${process.pid}.${drafts}.draft`;
  try {
    // `wx`: a link that somebody else put there is not followed.
    const file = await open(draft, 'wx', OWNER_ONLY_FILE);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
