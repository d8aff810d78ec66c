import { describe, expect, it } from 'vitest';
import { alarmCatalogue, alarmsOfRule, compositeAlarm, metricAlarm } from '#core/alarms/alarm-catalogue.ts';
import type { MetricAlarm } from '#core/alarms/alarm-definition.ts';
import { findMetric } from '#core/metrics/registry.ts';
import { compileExpression } from '#test/builders/alarm-expression.ts';
import { alarmSettings } from '#test/builders/alarm-settings.ts';

const catalogue = alarmCatalogue(alarmSettings);
const metricAlarms = catalogue.filter((each): each is MetricAlarm => each.kind === 'metric');
const composites = catalogue.filter((each) => each.kind === 'composite');

describe('the catalogue', () => {
  it('holds each alarm once, with words that a person can act on', () => {
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
    for (const { id, meaning, causes, first, runbook } of catalogue) {
      expect(meaning, id).toMatch(/^[A-Z\d{3a-z].*\.$/);
      expect(causes.length, id).toBeGreaterThanOrEqual(2);
      expect(first, id).toMatch(/^(?:npx spillway|look|read|compare|open|send) .*\.$|^look .*\)\.$/);
      expect(runbook, id).toMatch(/^[a-z-]+\.md(?:#[a-z-]+)?$/);
    }
  });

  it('keeps to what CloudWatch takes of an alarm', () => {
    for (const { id, signal, periodSeconds, periods, badPeriods } of metricAlarms) {
      expect(Object.keys(signal.metrics).length, id).toBeLessThanOrEqual(10);
      expect(signal.expression ?? '', id).not.toMatch(/SEARCH/);
      expect(badPeriods, id).toBeLessThanOrEqual(periods);
      expect(periodSeconds % 60, id).toBe(0);
      // A week, and a day where a datapoint is shorter than an hour.
      expect(periodSeconds * periods, id).toBeLessThanOrEqual(periodSeconds < 3_600 ? 86_400 : 604_800);
    }
  });

  it('reads metrics of the registry as they are published, and every name in an expression', () => {
    for (const { id, signal, comparison } of metricAlarms) {
      for (const { namespace, metricName, dimensions } of Object.values(signal.metrics))
        if (namespace.startsWith('Spillway/'))
          expect(findMetric(namespace, metricName)?.dimensions, `${id} ${metricName}`).toEqual(dimensions);
      if (signal.expression === undefined || comparison === 'above-band') continue;
      const words: readonly string[] = signal.expression.match(/[a-z]\w*/g) ?? [];
      expect(new Set(words), id).toEqual(new Set(Object.keys(signal.metrics)));
      expect(() => compileExpression(signal.expression ?? '')).not.toThrow();
    }
  });

  it('has every member of a composite say so, and no other', () => {
    for (const { id, rule, severity } of composites) {
      const members = metricAlarms.filter(({ partOf }) => partOf === id);
      expect(members.map((each) => each.id).sort()).toEqual([...alarmsOfRule(rule)].sort());
      expect(new Set(members.map((each) => each.severity))).toEqual(new Set([severity]));
    }
    const known = composites.map(({ id }) => id);
    for (const { id, partOf } of metricAlarms) if (partOf !== undefined) expect(known, id).toContain(partOf);
  });

  it('pages by composites alone: one for what callers feel, one for routes', () => {
    const pages = catalogue.filter(
      (each) => each.severity === 'page' && (each.kind === 'composite' || each.partOf === undefined),
    );
    expect(pages.map(({ id }) => id)).toEqual(['gateway-callers-suffer', 'routes-stand-still']);
  });

  it('finds an alarm by its id, of the kind that was asked for', () => {
    expect(metricAlarm(alarmSettings, 'plan-silent').comparison).toBe('below');
    expect(compositeAlarm(alarmSettings, 'routes-stand-still').place).toBe('home');
    expect(() => metricAlarm(alarmSettings, 'routes-stand-still')).toThrow('is no metric alarm');
    expect(() => compositeAlarm(alarmSettings, 'plan-silent')).toThrow('is no composite alarm');
  });
});
