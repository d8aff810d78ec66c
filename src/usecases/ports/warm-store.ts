/** What the processes of one gateway region tell each other of sleeping targets. Written on events only; all is well without it. */
import type { WarmWord } from '#core/warmth/warm-word.ts';

export interface WarmStore {
  /** The last word of each target, may be some seconds old. `badWords`: those that could not be read. @throws HouseError */
  load(): Promise<{ readonly words: readonly WarmWord[]; readonly badWords: number }>;
  /** Puts the word in the place of the target's last one. @throws HouseError */
  tell(word: WarmWord): Promise<void>;
}
