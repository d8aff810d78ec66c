import { describe, expect, it } from 'vitest';
import { nothingHappened, shouldHaveCome } from '#core/alarms/missing-data.ts';
import { type AlarmState, type MissingTreatment, stateOf } from '#test/builders/alarm-state.ts';

/**
 * The two tables of Amazon CloudWatch's user guide, "Configuring how CloudWatch alarms treat missing data" (read from
 * awsdocs/amazon-cloudwatch-user-guide, doc_source/AlarmThatSendsEmail.md): five datapoints are fetched for three that
 * are judged, the newest on the right; X is bad, 0 good, - missing. The columns are missing, ignore, breaching, notBreaching.
 */
const retain = 'retain';
type Row = readonly [text: string, ...states: readonly (AlarmState | typeof retain)[]];
const threeOfThree: readonly Row[] = [
  ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 'INSUFFICIENT_DATA', retain, 'ALARM', 'OK'],
  ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 'ALARM', retain, 'ALARM', 'OK'],
];
const twoOfThree: readonly Row[] = [
  ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 'ALARM', retain, 'ALARM', 'OK'],
];
/** From its paragraphs on premature transitions: neither is bad enough yet, for the next one may be good. */
const tooEarly: readonly Row[] = [
  ['- - - - X', 'INSUFFICIENT_DATA', retain, 'ALARM', 'OK'],
  ['- - - X -', 'INSUFFICIENT_DATA', retain, 'ALARM', 'OK'],
  ['- - - X 0', 'OK', 'OK', 'OK', 'OK'],
  ['- - X - 0', 'OK', 'OK', 'OK', 'OK'],
];

const treatments: readonly MissingTreatment[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const states: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const pointsOf = (text: string) => text.split(' ').map((sign) => (sign === '-' ? undefined : sign === 'X'));

const tables = [
  { badPeriods: 3, rows: [...threeOfThree, ...tooEarly] },
  { badPeriods: 2, rows: twoOfThree },
];
const cases = tables.flatMap(({ badPeriods, rows }) =>
  rows.map(([text, ...expected]) => ({ badPeriods, text, expected })),
);

describe('the state of an alarm when data is missing', () => {
  it.each(cases)('$badPeriods of 3: $text', ({ badPeriods, text, expected }) => {
    for (const [index, missing] of treatments.entries())
      for (const before of states) {
        const state = stateOf({ periods: 3, badPeriods, missing }, pointsOf(text), before);
        expect(state, `${missing} after ${before}`).toBe(
          expected[index] === retain ? before : expected[index],
        );
      }
  });
});

it('is told with its reason', () => {
  expect(nothingHappened('Nobody called.')).toEqual({ treatedAs: 'notBreaching', because: 'Nobody called.' });
  expect(shouldHaveCome('It comes each minute.').treatedAs).toBe('breaching');
});
