import { expect, it } from 'vitest';
import { openScreen } from '#cli/terminal/screen.ts';

const csi = '\u001b[';

/** What a terminal of these rows shows after all that was written to it. */
function terminal(rows = 4) {
  const written: string[] = [];
  const stream = { columns: 20, rows, write: (text: string) => void written.push(text) };
  const seen = (): readonly string[] => {
    const lines: string[] = [];
    for (const text of written) {
      if (text.includes('2J')) lines.length = 0;
      for (const [, row = '', line = ''] of text.matchAll(/\[(\d+);1H([^[]*)\[K/g))
        lines[Number(row) - 1] = line.slice(0, -1);
    }
    return lines;
  };
  return { stream, written, seen, screen: openScreen(stream) };
}

it('writes lines that differ alone, in one go, and nothing where none does', () => {
  const { screen, written, seen } = terminal();
  screen.show(['one', 'two', 'three']);
  screen.show(['one', 'TWO', 'three']);
  expect(seen()).toEqual(['one', 'TWO', 'three']);
  expect(written.at(-1)).toBe(`${csi}?2026h${csi}2;1HTWO${csi}K${csi}?2026l`);
  const count = written.length;
  screen.show(['one', 'TWO', 'three']);
  expect(written).toHaveLength(count);
  screen.show(['one']);
  expect(seen()).toEqual(['one', '', '']);
});

it('never writes below its end, and draws all again in another size', () => {
  const { screen, stream, written, seen } = terminal(2);
  screen.show(['one', 'two', 'three']);
  expect(seen()).toEqual(['one', 'two']);
  stream.rows = 3;
  screen.show(['one', 'two', 'three']);
  expect(seen()).toEqual(['one', 'two', 'three']);
  expect(written.at(-1)).toContain(`${csi}2J`);
});

it('takes a screen of its own and gives the old one back, cursor and all', () => {
  const { screen, written } = terminal();
  expect(written.join('')).toContain(`${csi}?1049h${csi}?25l`);
  screen.close();
  expect(written.at(-1)).toBe(`${csi}?7h${csi}?25h${csi}?1049l`);
});
