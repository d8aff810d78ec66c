/** A strict reader of Prometheus's text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/. */

export interface PrometheusFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly PrometheusSample[];
}

interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const helpLine = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\\\\\|\\\\n)*)$`);
const typeLine = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const sampleLine = new RegExp(
  `^(${NAME})(?:\\{(.*)\\})? ([+-]?(?:Inf|\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)|NaN)(?: -?\\d+)?$`,
);
const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/;

/** @throws an Error that names the first line which is none */
export function readPrometheusText(text: string): ReadonlyMap<string, PrometheusFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, { type: string; help: string; samples: PrometheusSample[] }>();
  const helps = new Map<string, string>();
  let open: string | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const help = helpLine.exec(line);
    const type = typeLine.exec(line);
    if (help !== null) {
      const [, name = '', said = ''] = help;
      if (helps.has(name)) throw new Error(`a second HELP of ${name}`);
      helps.set(name, said);
    } else if (type !== null) {
      const [, name = '', kind = ''] = type;
      if (families.has(name)) throw new Error(`${name} comes in two places`);
      families.set(name, { type: kind, help: helps.get(name) ?? '', samples: [] });
      open = name;
    } else if (!line.startsWith('# ')) {
      const sample = sampleOf(line);
      const family = open === undefined ? undefined : families.get(open);
      if (family === undefined || !belongs(sample.name, open ?? '', family.type))
        throw new Error(`${line}: stands under ${open}`);
      family.samples.push(sample);
    } else if (/^# (HELP|TYPE)/.test(line)) throw new Error(`no comment of Prometheus: ${line}`);
  }
  for (const [name, family] of families) checkFamily(name, family);
  return families;
}

function sampleOf(line: string): PrometheusSample {
  const [, name = '', labels = '', value = ''] = sampleLine.exec(line) ?? [];
  if (name === '') throw new Error(`no sample: ${line}`);
  return { name, labels: labelsOf(labels, line), value: Number(value.replace('Inf', 'Infinity')) };
}

function labelsOf(text: string, line: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const [whole, name = '', value = ''] = label.exec(rest) ?? [];
    if (whole === undefined || name in labels) throw new Error(`no labels: ${line}`);
    labels[name] = value.replace(/\\(["\\n])/g, (_, sign) => (sign === 'n' ? '\n' : sign));
    rest = rest.slice(whole.length);
  }
  return labels;
}

function belongs(sample: string, family: string, type: string): boolean {
  if (type !== 'histogram') return sample === family;
  return [`${family}_bucket`, `${family}_sum`, `${family}_count`].includes(sample);
}

/** Every series once; buckets that only grow, up to the count. */
function checkFamily(name: string, { type, samples }: PrometheusFamily): void {
  const series = samples.map((each) => `${each.name} ${JSON.stringify(Object.entries(each.labels).sort())}`);
  if (new Set(series).size !== series.length) throw new Error(`${name} has a series twice`);
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0)))
    throw new Error(`${name} counts down`);
  if (type !== 'histogram') return;
  const places = Map.groupBy(samples, ({ labels: { le: _, ...rest } }) =>
    JSON.stringify(Object.entries(rest).sort()),
  );
  for (const place of places.values()) {
    const buckets = place.filter((each) => each.name === `${name}_bucket`);
    const count = place.find((each) => each.name === `${name}_count`)?.value;
    const bounds = buckets.map(({ labels }) => Number(labels.le?.replace('Inf', 'Infinity')));
    const isSorted = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? 0));
    const grows = buckets.every(
      ({ value }, index) => index === 0 || value >= (buckets[index - 1]?.value ?? 0),
    );
    if (!isSorted || !grows || bounds.at(-1) !== Number.POSITIVE_INFINITY || buckets.at(-1)?.value !== count)
      throw new Error(`${name} is no histogram`);
  }
}
