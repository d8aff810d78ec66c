/** What AWS's query APIs answer, as far as tests read it. */

export type Answer = readonly [status: number, body: string, type?: string];

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** @param inner elements; text goes in by `leaves` */
export const element = (name: string, inner: string): string => `<${name}>${inner}</${name}>`;

/** Elements of one text each. */
export const leaves = (texts: Readonly<Record<string, string>>): string =>
  Object.entries(texts)
    .map(([name, text]) => element(name, escaped(text)))
    .join('');

/** A list, as the query protocol writes it. */
export const list = (name: string, members: readonly string[]): string =>
  element(name, members.map((member) => element('member', member)).join(''));

export const ok = (operation: string, inner: string): Answer => [
  200,
  element(`${operation}Response`, element(`${operation}Result`, inner)),
];

export const refused = (message: string, code = 'ValidationError'): Answer => [
  400,
  element('ErrorResponse', element('Error', leaves({ Code: code, Message: message }))),
];
