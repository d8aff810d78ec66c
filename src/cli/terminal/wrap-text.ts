/** Columns that a plain text takes: one for each code point. Texts are measured before they are painted. */
export const textWidth = (text: string): number => [...text].length;

/**
 * Breaks a text into lines of at most `width` columns (1 or more), at spaces, else after a comma, slash or dot, else
 * anywhere. Never answers an empty list.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

function breakWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = [...word];
  while (rest.length > width) {
    const head = rest.slice(0, width);
    const joint = head.findLastIndex((character) => ',/.-'.includes(character));
    const cut = joint > width / 3 ? joint + 1 : width;
    pieces.push(rest.slice(0, cut).join(''));
    rest = rest.slice(cut);
  }
  pieces.push(rest.join(''));
  return pieces;
}
