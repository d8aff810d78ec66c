/** What a colour means; the renderers name meanings, never colours. */
export type Ink = 'good' | 'warn' | 'bad' | 'dim' | 'strong' | 'accent';

/** Colours a text, or leaves it as it is where colour is not wanted. */
export type Paint = (ink: Ink | undefined, text: string) => string;

const codes: Readonly<Record<Ink, readonly [number, number]>> = {
  good: [32, 39],
  warn: [33, 39],
  bad: [31, 39],
  dim: [2, 22],
  strong: [1, 22],
  accent: [36, 39],
};

export const plainPaint: Paint = (_ink, text) => text;

export const colourPaint: Paint = (ink, text) => {
  if (ink === undefined || text === '') return text;
  const [on, off] = codes[ink];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};
