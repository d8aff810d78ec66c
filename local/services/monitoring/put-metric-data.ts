import * as client from '@aws-sdk/client-cloudwatch';
import type { CallContext } from '../../service.ts';
import type { Datum, Dimension, MetricStore } from './metric-store.ts';

/** Limits of PutMetricData (API reference and CloudWatch service quotas). */
const datumsMax = 1_000;
const valuesMax = 150;
const dimensionsMax = 30;
const bodyBytesMax = 1024 * 1024;
const pastSecondsMax = 14 * 86_400;
const futureSecondsMax = 2 * 3_600;
const valueMax = 2 ** 360;

const namespaceForm = /^[^:][\s\S]{0,254}$/;
const units: ReadonlySet<string> = new Set(Object.values(client.StandardUnit));

/** Checks a whole request, then stores it: one bad datum refuses all of them. */
export function putMetricData(
  store: MetricStore,
  input: client.PutMetricDataCommandInput,
  context: CallContext,
): void {
  checkSize(context);
  if (input.EntityMetricData !== undefined || input.StrictEntityValidation !== undefined) {
    throw badValue('Entity metric data is not offered by the local AWS.');
  }
  const namespace = input.Namespace ?? '';
  if (!namespaceForm.test(namespace)) {
    throw badValue(`The parameter Namespace must have 1 to 255 characters and not begin with a colon.`);
  }
  if (namespace.startsWith('AWS/')) throw badValue('The value AWS/ for parameter Namespace is reserved.');
  const datums = input.MetricData ?? [];
  if (datums.length === 0) throw missing('The parameter MetricData is required.');
  if (datums.length > datumsMax) {
    throw badValue(`The collection MetricData must not have a size greater than ${datumsMax}.`);
  }
  const nowSeconds = Date.now() / 1000;
  const accepted = datums.map((datum, index) => {
    const at = `MetricData.member.${index + 1}`;
    return {
      name: nameOf(datum, at),
      dimensions: dimensionsOf(datum, at),
      datum: read(datum, at, nowSeconds),
    };
  });
  for (const { name, dimensions, datum } of accepted) store.add({ namespace, name, dimensions }, datum);
}

/** The limit is on what travels, and a body may travel compressed. */
function checkSize({ body, headers }: CallContext): void {
  const sent =
    headers['content-encoding'] === undefined ? body.length : Number(headers['content-length'] ?? 0);
  if (sent > bodyBytesMax) throw badValue(`The request is larger than ${bodyBytesMax} bytes.`);
}

function nameOf({ MetricName: name }: client.MetricDatum, at: string): string {
  if (name === undefined || name === '') throw missing(`The parameter ${at}.MetricName is required.`);
  if (name.length > 255) throw badValue(`The parameter ${at}.MetricName must have at most 255 characters.`);
  return name;
}

function dimensionsOf({ Dimensions: given = [] }: client.MetricDatum, at: string): Dimension[] {
  if (given.length > dimensionsMax) {
    throw badValue(`The collection ${at}.Dimensions must not have a size greater than ${dimensionsMax}.`);
  }
  const dimensions = given.map(({ Name, Value }) => ({ name: Name ?? '', value: Value ?? '' }));
  for (const { name, value } of dimensions) {
    if (name.trim() === '' || name.length > 255 || name.startsWith(':')) {
      throw badValue(`A Dimensions name of ${at} must have 1 to 255 characters and not begin with a colon.`);
    }
    if (value.trim() === '' || value.length > 1024) {
      throw badValue(`The value of dimension ${name} of ${at} must have 1 to 1024 characters.`);
    }
  }
  if (new Set(dimensions.map(({ name }) => name)).size < dimensions.length) {
    throw badValue(`${at}.Dimensions names a dimension twice.`);
  }
  return dimensions;
}

function read(datum: client.MetricDatum, at: string, nowSeconds: number): Datum {
  const { Value, Values, StatisticValues } = datum;
  const forms = [Value, Values, StatisticValues].filter((form) => form !== undefined).length;
  if (forms === 0)
    throw missing(`At least one of the parameters ${at}.Value, Values, StatisticValues is required.`);
  if (forms > 1) {
    throw new client.InvalidParameterCombinationException({
      message: `The parameters ${at}.Value, Values and StatisticValues are mutually exclusive.`,
      $metadata: {},
    });
  }
  const common = commonOf(datum, at, nowSeconds);
  if (StatisticValues !== undefined) return { ...common, statistics: statisticsOf(StatisticValues, at) };
  if (Value !== undefined) return { ...common, values: [[finite(Value, `${at}.Value`), 1]] };
  return { ...common, values: valuesOf(datum, at) };
}

function commonOf(datum: client.MetricDatum, at: string, nowSeconds: number) {
  const { Timestamp, Unit = 'None', StorageResolution = 60 } = datum;
  const atSeconds = Timestamp === undefined ? nowSeconds : Timestamp.getTime() / 1000;
  if (atSeconds < nowSeconds - pastSecondsMax || atSeconds > nowSeconds + futureSecondsMax) {
    throw badValue(`The parameter ${at}.Timestamp must be from two weeks ago to two hours ahead.`);
  }
  if (!units.has(Unit)) throw badValue(`The parameter ${at}.Unit must be a standard unit, not ${Unit}.`);
  if (StorageResolution !== 1 && StorageResolution !== 60) {
    throw badValue(`The parameter ${at}.StorageResolution must be 1 or 60.`);
  }
  return { atSeconds, unit: Unit, resolutionSeconds: StorageResolution };
}

function valuesOf({ Values = [], Counts }: client.MetricDatum, at: string): [number, number][] {
  if (Values.length === 0) throw missing(`The parameter ${at}.Values must hold values.`);
  if (Values.length > valuesMax) {
    throw badValue(`The collection ${at}.Values must not have a size greater than ${valuesMax}.`);
  }
  if (Counts !== undefined && Counts.length !== Values.length) {
    throw badValue(`The parameters ${at}.Values and ${at}.Counts must be of the same size.`);
  }
  return Values.map((value, index) => {
    const count = finite(Counts?.[index] ?? 1, `${at}.Counts`);
    if (count < 0) throw badValue(`The parameter ${at}.Counts must not be negative.`);
    return [finite(value, `${at}.Values`), count];
  });
}

function statisticsOf(given: client.StatisticSet, at: string): NonNullable<Datum['statistics']> {
  const statistics = {
    sum: finite(given.Sum, `${at}.StatisticValues.Sum`),
    minimum: finite(given.Minimum, `${at}.StatisticValues.Minimum`),
    maximum: finite(given.Maximum, `${at}.StatisticValues.Maximum`),
    count: finite(given.SampleCount, `${at}.StatisticValues.SampleCount`),
  };
  if (statistics.minimum > statistics.maximum) {
    throw badValue(`${at}.StatisticValues.Minimum must not be greater than Maximum.`);
  }
  return statistics;
}

function finite(value: number | undefined, at: string): number {
  if (value === undefined || !Number.isFinite(value) || Math.abs(value) > valueMax) {
    throw badValue(`The parameter ${at} must be a finite number from -2^360 to 2^360.`);
  }
  return value;
}

function badValue(message: string): client.InvalidParameterValueException {
  return new client.InvalidParameterValueException({ message, $metadata: {} });
}

function missing(message: string): client.MissingRequiredParameterException {
  return new client.MissingRequiredParameterException({ message, $metadata: {} });
}
