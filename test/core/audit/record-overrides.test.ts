import { expect, it } from 'vitest';
import { noteDecision } from '#core/audit/note-decision.ts';
import { recordOverrides } from '#core/audit/record-overrides.ts';
import { decide } from '#core/decide/decide.ts';
import { aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

const noted = (...disabled: readonly string[]) => {
  const question = aQuestion({ targets: [east, west], disabled: new Set(disabled) });
  return noteDecision(question, decide(question));
};
const word = {
  ...{ target: west.id, by: 'Erika Mustermann', reason: 'PLANTED', region: 'us-east-1', orderId: 'order-1' },
  ...{ since: '2026-11-21T07:00:00.000Z', until: '2026-11-21T09:00:00.000Z' },
};
const told = {
  ...{ kind: 'disable', candidate: 1, region: 'us-east-1', orderId: 'order-1' },
  ...{ since: word.since, until: word.until },
};

it('tells of a word where it stands and in whose audit, and nothing of who said it or why', () => {
  expect(recordOverrides([noted(west.id)], [[word]])).toEqual([told]);
});

it('tells of several words on a target the one that ends last, whenever it was read', () => {
  const later = { ...word, region: 'eu-west-1', until: '2026-11-21T10:00:00.000Z', orderId: 'order-2' };
  const ended = { ...word, region: 'us-west-2', until: word.since };
  const expected = [{ ...told, region: 'eu-west-1', until: later.until, orderId: 'order-2' }];
  expect(recordOverrides([noted(west.id)], [[ended, word], [later]])).toEqual(expected);
  expect(recordOverrides([noted(), noted(west.id)], [[later, word, ended]])).toEqual(expected);
});

it('leaves out what disabled no candidate, and what an older version did not write', () => {
  const { since: _, orderId: __, ...old } = word;
  expect(recordOverrides([noted()], [[word]])).toEqual([]);
  expect(recordOverrides([noted(west.id, 'gone')], [[old, { ...word, target: 'gone' }]])).toEqual([
    { kind: 'disable', candidate: 1, region: 'us-east-1', until: word.until },
  ]);
});
