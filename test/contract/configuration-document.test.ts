import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configurationDocument } from '../../scripts/write-configuration-docs.ts';

describe('docs/configuration.md', () => {
  const document = configurationDocument();

  it('is what scripts/write-configuration-docs.ts writes today', () => {
    const file = fileURLToPath(new URL('../../docs/configuration.md', import.meta.url));
    expect(readFileSync(file, 'utf8')).toBe(document);
  });

  it('says of every setting what it means and what happens without it', () => {
    const rows = document.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(60);
    const silent = rows.filter((row) =>
      row
        .split(' | ')
        .slice(2)
        .some((cell) => cell.replaceAll('|', '').trim() === ''),
    );
    expect(silent).toEqual([]);
  });
});
