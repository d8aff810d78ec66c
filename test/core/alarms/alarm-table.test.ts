import { describe, expect, it } from 'vitest';
import { alarmCatalogue } from '#core/alarms/alarm-catalogue.ts';
import type { AlarmDefinition, AlarmRule } from '#core/alarms/alarm-definition.ts';
import { type Incident, incidents, metricsOf, START } from '#test/builders/alarm-incidents.ts';
import { type Call, replay } from '#test/builders/alarm-replay.ts';
import { alarmSettings } from '#test/builders/alarm-settings.ts';
import { alarmsDocument } from '#test/builders/alarms-document.ts';

const catalogue = alarmCatalogue(alarmSettings);
const SETTLE_MINUTES = 120;

const callsIn = (incident: Incident, alarms: readonly AlarmDefinition[] = catalogue): readonly Call[] =>
  replay(alarms, metricsOf(incident), {
    ...{ from: START, to: START + incident.minutes, settleMinutes: SETTLE_MINUTES },
  });

/** Who was called, each call for itself. */
const told = (calls: readonly Call[], severity: Call['severity']): readonly string[] =>
  calls
    .filter((call) => call.severity === severity)
    .map(({ alarm }) => alarm)
    .sort();

const verdict = (incident: Incident, calls: readonly Call[]): boolean =>
  told(calls, 'page').join() === (incident.pages ?? []).join() &&
  told(calls, 'ticket').join() === (incident.tickets ?? []).join();

const calledIn = new Map(incidents.map((incident) => [incident.name, callsIn(incident)]));

describe('an incident', () => {
  it.each(incidents)('$name', (incident) => {
    const calls = calledIn.get(incident.name) ?? [];
    expect(told(calls, 'page')).toEqual(incident.pages ?? []);
    expect(told(calls, 'ticket')).toEqual(incident.tickets ?? []);
  });
});

it('docs/alarms.md says what the catalogue says, and what each incident called', async () => {
  const rows = incidents.map(({ name }) => ({ name, calls: calledIn.get(name) ?? [], start: START }));
  await expect(alarmsDocument(catalogue, rows)).toMatchFileSnapshot('../../../docs/alarms.md');
});

/** One alarm of the catalogue, otherwise. */
const changed = (id: string, changes: object): readonly AlarmDefinition[] =>
  catalogue.map((each) => (each.id === id ? ({ ...each, ...changes } as AlarmDefinition) : each));

const ruleOf = (id: string, change: (rule: readonly AlarmRule[]) => readonly AlarmRule[]) => {
  const found = catalogue.find((each) => each.id === id);
  const members = found?.kind === 'composite' && typeof found.rule !== 'string' && 'any' in found.rule;
  return changed(id, { rule: { any: change(members ? found.rule.any : expect.fail()) } });
};
/** Most defects show in an hour. */
const shortFirst = [...incidents].sort((left, right) => left.minutes - right.minutes);
const missing = (treatedAs: 'breaching' | 'notBreaching') => ({ missing: { treatedAs, because: '' } });

describe('a defect in the catalogue is seen by some incident', () => {
  it.each<[string, readonly AlarmDefinition[]]>([
    ['an error budget ten times as large', changed('gateway-failing-1h', { threshold: 0.144 })],
    ['a slow burn that nothing watches', changed('gateway-failing-6h', { threshold: 0.06 })],
    ['a ticket for what is within the budget', changed('gateway-failing-3d', { threshold: 0.0001 })],
    ['a front door that calls for one error', changed('gateway-server-errors', { threshold: 1 })],
    ['one bad minute for three of five', changed('gateway-server-errors', { badPeriods: 1 })],
    ['a band that nothing leaves', changed('gateway-cost-unusual', { threshold: 400 })],
    ['silence of plan taken for good', changed('plan-silent', missing('notBreaching'))],
    ['an empty night taken for bad', changed('gateway-throttles', missing('breaching'))],
    ['metrics of plan that nobody misses', changed('plan-unmeasured', missing('notBreaching'))],
    ['a composite without the slow answers', ruleOf('gateway-callers-suffer', (rule) => rule.slice(0, -1))],
    [
      'a composite that needs no short window',
      ruleOf('gateway-callers-suffer', (rule) => [...rule, 'gateway-slow-5m']),
    ],
    [
      'a composite without plan’s silence',
      ruleOf('routes-stand-still', (rule) => rule.filter((each) => each !== 'plan-silent')),
    ],
    ['a member that calls beside its composite', changed('gateway-throttles', { partOf: undefined })],
    [
      'single calls of a quiet hour taken for a share',
      changed('gateway-failing-1h', {
        signal: {
          ...(catalogue.find(({ id }) => id === 'gateway-failing-1h') as { signal: object }).signal,
          expression: 'FILL(bad, 0) / calls',
        },
      }),
    ],
  ])('%s', (_, alarms) => {
    expect(shortFirst.every((incident) => verdict(incident, callsIn(incident, alarms)))).toBe(false);
  });
});
