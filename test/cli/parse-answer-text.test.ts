import { expect, it } from 'vitest';
import { parseAnswerText } from '#cli/parse-answer-text.ts';

it.each([
  ['an escape of a terminal', '{"model":"a\\u001b]0;owned\\u0007b"}', { model: 'a\ufffd]0;owned\ufffdb' }],
  ['one of a single byte', '{"model":"a\\u009b31mb"}', { model: 'a\ufffd31mb' }],
  ['one that is not spelled out', '{"model":"a\u009b31mb"}', { model: 'a\ufffd31mb' }],
  ['a return, which writes over a line', '[["a\\rb", {"x\\b": 1}]]', [['a\ufffdb', { 'x\ufffd': 1 }]]],
  ['text that is no JSON', '<b>\u001b[2J', '<b>\ufffd[2J'],
])('takes out %s', (_, text, expected) => expect(parseAnswerText(text)).toEqual(expected));

it.each([
  ['{"model":"é 日本\\n\\t\\\\u001b","n":[1,null,true]}', { model: 'é 日本\n\t\\u001b', n: [1, null, true] }],
  ['not JSON', 'not JSON'],
])('leaves the rest as it is: %s', (text, expected) => expect(parseAnswerText(text)).toEqual(expected));
