/** Audit lines in a file of their owner's, at whose end each new one is written before what it tells of is done. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * @param path absolute; its folder is made when it is missing
 * @returns takes one line with its end. @throws the file system's error
 */
export function createFileAudit(path: string): (line: string) => void {
  return (line) => {
    mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    appendFileSync(path, line, { mode: OWNER_ONLY_FILE });
  };
}
