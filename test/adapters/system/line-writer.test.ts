import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { createLineWriter } from '#adapters/system/line-writer.ts';

function writer(heldMsMax: number) {
  const written: string[] = [];
  return { written, ...createLineWriter({ write: (text) => void written.push(text), heldMsMax }) };
}

describe('a line writer', () => {
  it('writes the lines of one step at once, in order, before anything else of the event loop', async () => {
    const { write, written } = writer(0);
    write('one\n');
    write('two\n');
    expect(written).toEqual([]);
    await Promise.resolve();
    write('three\n');
    await Promise.resolve();
    expect(written).toEqual(['one\ntwo\n', 'three\n']);
  });

  it('joins the lines of a while, and writes them without being asked', async () => {
    const { write, written } = writer(5);
    write('one\n');
    await new Promise(setImmediate);
    write('two\n');
    expect(written).toEqual([]);
    await vi.waitFor(() => expect(written).toEqual(['one\ntwo\n']), { interval: 2 });
    write('three\n');
    await vi.waitFor(() => expect(written).toEqual(['one\ntwo\n', 'three\n']), { interval: 2 });
  });

  it('waits for no clock when many lines are held, and cuts none', () => {
    const { write, written, flush } = writer(60_000);
    const line = `${'x'.repeat(999)}\n`;
    for (let count = 0; count < 100; count += 1) write(line);
    expect(written).toHaveLength(1);
    flush();
    flush();
    expect(written).toHaveLength(2);
    expect(written.join('')).toBe(line.repeat(100));
  });

  it('keeps no process alive, and loses nothing when one ends that flushes', () => {
    const file = fileURLToPath(import.meta.resolve('#adapters/system/line-writer.ts'));
    const program = `
      const { createLineWriter } = await import(${JSON.stringify(file)});
      const lines = createLineWriter({ write: (text) => void process.stdout.write(text), heldMsMax: 60_000 });
      process.once('exit', lines.flush);
      lines.write('held\\n');`;
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([stdout, status]).toEqual(['held\n', 0]);
  });
});
