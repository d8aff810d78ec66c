/** The smallest words of languages, by which a text shows whether it is English: they are every fifth word of any. */
export const ENGLISH = 1;
export const FOREIGN = 2;

/** Words that are common in one of them only. */
const WORDS: readonly (readonly [number, string])[] = [
  [ENGLISH, 'the of and to is it for you be at by or not are was has can its our may if this but'],
  [FOREIGN, 'der die das und den dem ein ist im zu von mit auf wir sie bei aus'],
  [FOREIGN, 'le la les des et un une de du que qui ne pas au ce sur par'],
  [FOREIGN, 'el los las por con se del su una lo es al en y'],
  [FOREIGN, 'il di che per non una da gli dei nel'],
  [FOREIGN, 'do em os um uma na nas dos e o'],
  [FOREIGN, 'het een van dat te je met og det som av jest nie na je si ve bir bu ile'],
];

const LETTERS_MAX = 3;
const BASE = 27;
const FIRST = 0x61;

const languages = new Uint8Array(BASE ** LETTERS_MAX);
for (const [language, words] of WORDS) {
  for (const word of words.split(' ')) {
    const place = placeOf(word, 0, word.length);
    if (place > 0) languages[place] = language;
  }
}

/** `ENGLISH`, `FOREIGN`, or 0 for a word that tells nothing. At most three letters, small ones but for the first. */
export function languageOfWord(text: string, start: number, length: number): number {
  const place = placeOf(text, start, length);
  return place < 0 ? 0 : (languages[place] ?? 0);
}

function placeOf(text: string, start: number, length: number): number {
  if (length > LETTERS_MAX) return -1;
  let place = 0;
  for (let index = start; index < start + length; index += 1) {
    const letter = (text.charCodeAt(index) | 0x20) - FIRST;
    if (letter < 0 || letter > 25) return -1;
    place = place * BASE + letter + 1;
  }
  return place;
}
