import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { traceFileLines } from '#adapters/system/trace-file-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function linesOf(path: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const some of traceFileLines(path)) lines.push(...some);
  return lines;
}

describe('the lines of a trace file', () => {
  const text = Array.from({ length: 20_000 }, (_, line) => `${line},ä`).join('\n');

  it('are those of the file, compressed or not', async () => {
    expect(await linesOf(written('a.csv', text))).toEqual(text.split('\n'));
    expect(await linesOf(written('a.csv.gz', gzipSync(text)))).toEqual(text.split('\n'));
    expect(await linesOf(written('dos.csv', 'a\r\nb\r\n'))).toEqual(['a', 'b']);
  });

  it('end in an error where there is no such file, or it is not what its name says', async () => {
    await expect(linesOf(join(folder, 'none.csv'))).rejects.toThrow('ENOENT');
    await expect(linesOf(join(folder, 'none.csv.gz'))).rejects.toThrow('ENOENT');
    await expect(linesOf(written('b.csv.gz', text))).rejects.toThrow('incorrect header');
  });
});
