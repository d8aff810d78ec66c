import { type Prompt, turnText } from './prompt.ts';

const GIST_WORDS = 24;
const WORDS_MAX = 4_000;
/** Words that say nothing about a subject. */
const COMMON = new Set(
  'about after again also because been before being between both could does doing down from further have having here into itself just more most much must only other over please same should some such than that their them then there these they this those through under until very want were what when where which while whom will with would write your yours answer tell give make words'.split(
    ' ',
  ),
);

/** The first words of a text, white space collapsed. */
export function gist(text: string, words = GIST_WORDS): string {
  const all = text.trim().split(/\s+/).filter(Boolean);
  return all.slice(0, words).join(' ') + (all.length > words ? ' …' : '');
}

/** The longest telling words of a text, each once, in the order of the text. */
function keywords(text: string, limit = 4): readonly string[] {
  const telling = (text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).filter((word) => !COMMON.has(word));
  const longest = [...new Set(telling)].sort((left, right) => right.length - left.length).slice(0, limit);
  return [...new Set(telling)].filter((word) => longest.includes(word));
}

/**
 * An answer in words, the same for the same conversation, model and region. It says who answers and from where, shows
 * that it read the question, uses tool results, and is as long as the question asks ("in 200 words").
 */
export function composeText(prompt: Prompt, model: string, region: string): string {
  const last = prompt.turns.at(-1);
  const question = turnText(last);
  const quoted = /\b(?:reply|respond|answer|say)\b[^"“]{0,40}["“]([^"”]{1,2000})["”]/i.exec(question)?.[1];
  if (quoted) return quoted;
  const sentences = [
    `This is ${model}, answering from ${region}.`,
    ...resultSentences(prompt),
    ...questionSentences(question),
    ...earlierSentences(prompt),
    ...mediaSentences(prompt),
  ];
  return toLength(sentences.join(' '), question);
}

function resultSentences(prompt: Prompt): readonly string[] {
  const names = new Map(
    prompt.turns.flatMap((turn) =>
      turn.parts.flatMap((part) => (part.kind === 'tool-use' ? [[part.id, part.name] as const] : [])),
    ),
  );
  const results = prompt.turns.at(-1)?.parts.filter((part) => part.kind === 'tool-result') ?? [];
  return results.map((part) => `The tool ${names.get(part.id) ?? part.id} returned: ${gist(part.text, 60)}.`);
}

function questionSentences(question: string): readonly string[] {
  if (question.trim() === '') return [];
  const subjects = keywords(question);
  const points = subjects.length > 0 ? [`What matters here: ${subjects.join(', ')}.`] : [];
  return [`You asked: “${gist(question)}”.`, ...points];
}

function earlierSentences(prompt: Prompt): readonly string[] {
  const earlier = prompt.turns.slice(0, -1).find((turn) => turn.role === 'user' && turnText(turn) !== '');
  return earlier ? [`Earlier you wrote: “${gist(turnText(earlier), 12)}”.`] : [];
}

function mediaSentences(prompt: Prompt): readonly string[] {
  const media = prompt.turns.at(-1)?.parts.filter((part) => part.kind === 'media') ?? [];
  return media.map((part) => `I received one ${part.media} of ${part.bytes} bytes.`);
}

/** The text, drawn out or cut to the number of words that the question names, if it names one. */
function toLength(text: string, question: string): string {
  const wanted = Number(/\b(\d{1,4})[ -]words?\b/i.exec(question)?.[1] ?? 0);
  if (wanted === 0) return text;
  const words = text.split(' ');
  const subjects = keywords(question, 6);
  for (let index = 0; words.length < Math.min(wanted, WORDS_MAX); index += 1) {
    const subject = subjects[index % Math.max(1, subjects.length)] ?? 'this';
    words.push(...`Point ${index + 1}: consider ${subject} on its own and then beside the rest.`.split(' '));
  }
  return words.slice(0, Math.min(wanted, WORDS_MAX)).join(' ');
}
