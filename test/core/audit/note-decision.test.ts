import { expect, it } from 'vitest';
import { noteDecision } from '#core/audit/note-decision.ts';
import { recordDecision } from '#core/audit/record-decision.ts';
import { decide } from '#core/decide/decide.ts';
import { compilingKey } from '#core/decide/schema-grammars.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import { aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { fewNeeds } from '#test/builders/few-needs.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const later = 1_000_500;

function full() {
  const conditions = {
    health: new Map([[east.id, { ...unknownHealth, typicalFirstContentMs: 200 }]]),
    blamed: new Map([
      [east.id, new Map([['mine', { kind: 'ejected' as const, until: later, pace: [], ejections: 1 }]])],
    ]),
    resting: new Map([[west.quotaPool, later]]),
    inFlight: new Map([[east.id, 1]]),
    refused: new Map([[`refused:${east.modelId} tools`, later]]),
    awake: new Map([[east.id, later]]),
    grammars: new Map([[compilingKey(east, 'schema-1'), later]]),
  };
  const question = aQuestion({
    targets: [east, west],
    conditions,
    origin: 'mine',
    serverlessSlots: 2,
    needs: { ...fewNeeds, jsonSchema: true, jsonSchemaKey: 'schema-1' },
  });
  return { conditions, question };
}

it('keeps what conditions said, whatever becomes of the books', () => {
  const { conditions, question } = full();
  const noted = noteDecision(question, decide(question));
  const before = recordDecision(noted);
  expect(Object.keys(before.asked.conditions).sort()).toEqual([
    'awake',
    'blamed',
    'compiling',
    'health',
    'inFlight',
    'refused',
    'resting',
  ]);
  for (const book of Object.values(conditions)) book.clear();
  expect(recordDecision(noted)).toEqual(before);
});

it('keeps nothing where nothing is known', () => {
  const question = aQuestion({ targets: [east, west] });
  expect(noteDecision(question, decide(question)).held).toEqual({});
});

it('counts what is under way only where that limits a target', () => {
  const { question } = full();
  const free = { ...question, serverlessSlots: undefined };
  expect(noteDecision(free, decide(free)).held.inFlight).toEqual([undefined, undefined]);
  const waiting = { ...question, admissionAsks: true };
  expect(noteDecision(waiting, decide(waiting)).held.inFlight).toBeUndefined();
});
