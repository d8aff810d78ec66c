/** Where Spillway's lines go: a file that is emptied between stretches, and proves that every request was written down. */
import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';

export interface AuditFile {
  readonly descriptor: number;
  /** Lines of the audit log and of the metrics since the last call; then the file is empty. */
  take(): { readonly audited: number; readonly measured: number };
  close(): void;
}

export function openAuditFile(path: string): AuditFile {
  const descriptor = openSync(path, 'a');
  return {
    descriptor,
    take: () => {
      const text = readFileSync(path, 'latin1');
      ftruncateSync(descriptor);
      return {
        audited: occurrences(text, '"level":"info","event":"request"'),
        measured: occurrences(text, '{"_aws":'),
      };
    },
    close: () => closeSync(descriptor),
  };
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}
