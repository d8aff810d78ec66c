/** The command lines of a guide, as they stand in its blocks of code. */
import { readFileSync } from 'node:fs';

export interface GuideCommand {
  /** As it is printed there, without the prompt. */
  readonly line: string;
  /** What comes after `spillway`. */
  readonly words: readonly string[];
  /** The file that takes what it prints. */
  readonly into: string | undefined;
}

/** @param guide a file of docs/guides */
export function commandsOfGuide(guide: string): readonly GuideCommand[] {
  const text = readFileSync(new URL(`../../docs/guides/${guide}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    [...block.matchAll(/^(?:\$ )?npx spillway (.+)$/gm)].map(([line, rest = '']) => {
      const [words = '', into] = rest.split(' > ');
      return { line: line.replace(/^\$ /, ''), words: words.split(' '), into };
    }),
  );
}
