import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openOperatorAudit } from '#runtime/operator-audit.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

function audit(path: string, verbose: boolean) {
  const shown: string[] = [];
  const write = openOperatorAudit({
    environment: { SPILLWAY_AUDIT_LOG: path },
    verbose,
    show: (line) => void shown.push(line),
  });
  return { write, shown };
}

describe('the audit of the command line', () => {
  it('is kept in its file and shown to those who ask', () => {
    const path = join(folder, 'audit.log');
    const quiet = audit(path, false);
    quiet.write('one\n');
    const verbose = audit(path, true);
    verbose.write('two\n');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect([quiet.shown, verbose.shown]).toEqual([[], ['two\n']]);
  });

  it('is shown where it cannot be kept', () => {
    const { write, shown } = audit(folder, false);
    write('one\n');
    expect(shown).toEqual(['one\n']);
  });
});
