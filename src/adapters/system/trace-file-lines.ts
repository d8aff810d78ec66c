import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A line of a trace that is longer is none: what is read is no file of lines. */
const LINE_CHARACTERS_MAX = 16_000_000;

/**
 * The lines of a text file without their ends, as many at a time as come from the disk at once; decompressed where its name
 * ends in `.gz`. Holds no more than that.
 *
 * @throws the system's error where the file cannot be read, or is not what its name says
 */
export async function* traceFileLines(path: string): AsyncGenerator<readonly string[]> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  // A pipeline ends both sides when one fails; the reader below then learns why.
  const bytes = path.endsWith('.gz')
    ? pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => undefined)
    : file;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_CHARACTERS_MAX) throw new Error(`${path} is no file of lines`);
    yield lines.map(withoutReturn);
  }
  rest += decoder.decode();
  if (rest !== '') yield [withoutReturn(rest)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
