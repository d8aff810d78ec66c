import type { CommandLine } from '../parse-command-line.ts';
import { UsageError } from '../usage-error.ts';

/** What `--context name=value` says, as `-c` of the CDK would. Throws a UsageError for what is no pair. */
export function readSynthContext(line: CommandLine): Readonly<Record<string, string>> {
  const pairs = line.texts('context').map((text) => {
    const at = text.indexOf('=');
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const;
    throw new UsageError(`--context must be <name>=<value>, got "${text}"`);
  });
  return Object.fromEntries(pairs);
}
