import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildConsole, buildConsoleSync } from '../../scripts/build-console.ts';

const built = await buildConsole();
const page = built.get('index.html') ?? '';

describe('the built console', () => {
  it('is small: at most 150 kB on the way, all of it together', () => {
    const bytes = [...built.values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
    expect(bytes).toBeLessThanOrEqual(150_000);
    expect(bytes).toBeGreaterThan(5_000);
  });

  it('names files that are there, each by its content', () => {
    const named = [...page.matchAll(/(?:src|href)="console\/([^"]+)"/g)].map(([, name]) => name ?? '');
    expect(named).toHaveLength(3);
    expect(named.filter((name) => !built.has(name))).toEqual([]);
    expect(named.filter((name) => /\.(js|css)$/.test(name) && !/-[0-9A-Z]{8}\./.test(name))).toEqual([]);
  });

  it('holds nothing that its policy would refuse', () => {
    const script = [...built].find(([name]) => name.endsWith('.js'))?.[1] ?? '';
    const styles = [...built].find(([name]) => name.endsWith('.css'))?.[1] ?? '';
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|https?:/);
    expect(script).not.toMatch(/\beval\(|new Function\(|createElement\("style"\)/);
    expect(styles).not.toMatch(/url\((?!#)|https?:/);
  });

  it('offers no sign-in of its own: what local mode offers stands on its page alone', () => {
    const text = [...built.values()].join('');
    expect(text).not.toMatch(/operator-token|sk-local/);
    expect(page).not.toContain('spillway-local');
  });

  it('is the same for who cannot wait for it', () => {
    expect([...buildConsoleSync()]).toEqual([...built]);
  });
});
