import type { CommandContext } from './command.ts';
import { UsageError } from './usage-error.ts';

/** Asks before a change, unless `--yes` says so already; false when the person declines. */
export async function confirm({ line, terminal }: CommandContext, question: string): Promise<boolean> {
  if (line.flag('yes')) return true;
  if (!terminal.interactive)
    throw new UsageError(`spillway asks before it changes anything, and nobody can answer here: add --yes`);
  const answer = await terminal.ask(`${question} [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}
