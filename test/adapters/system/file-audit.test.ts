import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileAudit } from '#adapters/system/file-audit.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the audit file', () => {
  it('holds every line in order, for its owner alone', () => {
    const path = join(folder, 'a', 'b', 'audit.log');
    const keep = createFileAudit(path);
    keep('one\n');
    expect(readFileSync(path, 'utf8')).toBe('one\n');
    createFileAudit(path)('two\n');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('throws where it cannot be written', () => {
    expect(() => createFileAudit(join(folder, 'a'))('line\n')).toThrow();
  });
});
