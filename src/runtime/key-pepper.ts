/** The pepper under which API keys are hashed: from the environment where it counts, a fixed text in local mode. */
import { environmentNames } from '#contract/resources.ts';

/** 43 characters of base64 hold 256 bits; fewer than 32 of anything are no secret to rely on. */
const CHARACTERS_MIN = 32;

/** What is wrong with a pepper, in words that do not show it; undefined when it is fit. */
export function pepperProblem(pepper: string, name: string = environmentNames.keyPepper): string | undefined {
  if (pepper.length >= CHARACTERS_MIN) return undefined;
  return `${name}: has ${pepper.length} characters, want at least ${CHARACTERS_MIN}, such as \`openssl rand -base64 32\` gives`;
}

/**
 * Local mode's, the same at each start and in the command line beside it. No secret: its tables hold nothing that
 * outlives it, and no deployed gateway takes it.
 */
export const localKeyPepper = (deployment: string): string =>
  `the pepper of local mode, which is no secret: ${deployment}`;
