import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file of a folder by its name, as text. @throws an Error where the folder or one of its files cannot be read */
export async function readTextFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = (await readdir(folder)).map(
    async (name) => [name, await readFile(join(folder, name), 'utf8')] as const,
  );
  return new Map(await Promise.all(texts));
}
