/** Where the audit lines of operators' commands go: a file, and the terminal for those who ask. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createFileAudit } from '#adapters/system/file-audit.ts';
import type { Environment } from './environment.ts';

/**
 * @param options.show takes a line for the person at the keyboard: when `verbose`, and whenever the file cannot be
 *   written, so that no order goes without one
 * @returns takes one line with its end
 */
export function openOperatorAudit(options: {
  readonly environment: Environment;
  readonly verbose: boolean;
  readonly show: (line: string) => void;
}): (line: string) => void {
  const { environment, verbose, show } = options;
  const keep = createFileAudit(
    resolve(environment.SPILLWAY_AUDIT_LOG ?? join(homedir(), '.spillway', 'audit.log')),
  );
  return (line) => {
    if (keepQuietly(keep, line) && !verbose) return;
    show(line);
  };
}

function keepQuietly(keep: (line: string) => void, line: string): boolean {
  try {
    keep(line);
    return true;
  } catch {
    return false;
  }
}
