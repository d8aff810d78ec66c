import type { Picture, Report, ReportCell, Unit } from '#simulator/report/report.ts';

const hours = Array.from({ length: 97 }, (_, slot) => slot * 900_000);
const wave = (slot: number, peak: number): number =>
  1 + peak * Math.max(0, Math.sin(((slot - 24) / 96) * Math.PI * 2)) ** 2;
const latency = (medianMs: number, tail: number): Picture['series'][number]['points'] =>
  Array.from({ length: 200 }, (_, index) => {
    const share = (index + 1) / 200;
    return [medianMs * Math.exp(tail * Math.log(share / (1.003 - share))), share] as const;
  });

const units: readonly Unit[] = ['ms', 'ms', 'ms', 'share', 'share', 'usd'];

/** A report of made-up numbers that has one of everything. */
export const aReport: Report = {
  version: 1,
  title: 'A burst of ten times the usual load, in Frankfurt',
  question:
    'Does P95 stay within twice its steady state while capacity is being added, and what does it cost beside a static fleet?',
  command: 'npx spillway simulate burst-10x --seeds 20',
  basis: [
    { label: 'seeds', value: '20' },
    { label: 'virtual time a seed', value: { value: 86_400_000, unit: 'run-ms' } },
    { label: 'requests a seed', value: { value: 1_400_212, unit: 'count' } },
    { label: 'regions', value: '21' },
  ],
  arms: [
    { name: 'Spillway', description: 'Dedicated copies first; what they cannot take at once spills over.' },
    {
      name: 'static',
      description: 'Four copies, all day, nothing else: the same dollars as Spillway spends.',
    },
    { name: 'serverless only', description: 'Every request on demand.' },
  ],
  findings: [
    {
      verdict: 'holds',
      text: 'P95 stays within 2 × steady state for 99.1 % (98.6 – 99.5 %) of the time; asked were 98 %.',
    },
    {
      verdict: 'unclear',
      text: 'The cost is 3.2 % (−1.1 – 7.4 %) below static: the interval reaches over zero.',
    },
    {
      verdict: 'fails',
      text: 'Against serverless alone at this duty cycle, Spillway costs 4.0 % (2.2 – 5.9 %) more.',
    },
  ],
  sections: [
    {
      kind: 'table',
      title: 'The arms beside each other',
      note: 'Mean over 20 seeds, below it the interval of 95 % (Student’s t).',
      columns: ['Arm', 'P50', 'P95', 'P99', 'over 2 × steady', 'spilled', 'cost a day'],
      rows: [
        ['static', 4_310, 38_220, 61_050, 0.142, 0, 211.2],
        ['serverless only', 5_120, 11_030, 17_420, 0.021, 1, 196.4],
        ['Spillway', 4_290, 9_870, 14_210, 0.009, 0.183, 204.31],
      ].map(([arm, ...numbers]): ReportCell[] => [
        String(arm),
        ...numbers.map((value, index) => {
          const unit = units[index] ?? 'count';
          return { value: Number(value), unit, low: Number(value) * 0.96, high: Number(value) * 1.05 };
        }),
      ]),
    },
    {
      kind: 'steps',
      title: 'Latency',
      note: 'The share of requests that have ended by then.',
      x: { label: 'latency', unit: 'ms', scale: 'log' },
      y: { label: 'share of requests', unit: 'share' },
      series: [
        { name: 'static', points: latency(4_310, 0.6) },
        { name: 'serverless only', points: latency(5_120, 0.27) },
        { name: 'Spillway', points: latency(4_290, 0.28) },
      ],
      bounds: [{ label: 'P95', value: 0.95 }],
    },
    {
      kind: 'stack',
      title: 'Who answers',
      x: { label: 'time of the run', unit: 'run-ms' },
      y: { label: 'requests a second', unit: 'per-second' },
      series: [
        { name: 'dedicated', points: hours.map((atMs, slot) => [atMs, Math.min(14, 6 * wave(slot, 3))]) },
        {
          name: 'on demand, here',
          points: hours.map((atMs, slot) => [atMs, Math.max(0, 6 * wave(slot, 3) - 14)]),
        },
        {
          name: 'another region',
          points: hours.map((atMs, slot) => [atMs, slot > 40 && slot < 52 ? 4 : 0.2]),
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Cost so far',
      x: { label: 'time of the run', unit: 'run-ms' },
      y: { label: 'US dollars', unit: 'usd' },
      series: [
        { name: 'static', points: hours.map((atMs, slot) => [atMs, (211 * slot) / 96]) },
        { name: 'serverless only', points: hours.map((atMs, slot) => [atMs, 196 * (slot / 96) ** 1.3]) },
        { name: 'Spillway', points: hours.map((atMs, slot) => [atMs, 204 * (slot / 96) ** 1.1]) },
      ],
    },
    {
      kind: 'lines',
      title: 'KV cache in use',
      x: { label: 'time of the run', unit: 'run-ms' },
      y: { label: 'share of the blocks', unit: 'share' },
      series: [
        { name: 'static', points: hours.map((atMs, slot) => [atMs, Math.min(1, 0.3 * wave(slot, 3))]) },
        { name: 'Spillway', points: hours.map((atMs, slot) => [atMs, Math.min(0.8, 0.28 * wave(slot, 2))]) },
      ],
      bounds: [{ label: 'admission stops', value: 0.9 }],
    },
    {
      kind: 'lines',
      title: 'Requests that wait',
      x: { label: 'time of the run', unit: 'run-ms' },
      y: { label: 'requests', unit: 'count' },
      series: [
        {
          name: 'static',
          points: hours.map((atMs, slot) => [atMs, Math.max(0, 120 * (wave(slot, 3) - 2.2))]),
        },
        {
          name: 'Spillway',
          points: hours.map((atMs, slot) => [atMs, Math.max(0, 9 * (wave(slot, 3) - 2.2))]),
        },
      ],
    },
  ],
  assumptions: [
    { name: 'Length of the burst', value: '20 min, a step', basis: 'assumed; swept from 5 to 60 min' },
    { name: 'A copy more', value: '258 s', basis: 'AWS, container caching, June 2026' },
    { name: 'Gaps between requests', value: 'gamma, varying by 2', basis: 'assumed; swept from 1 to 4' },
  ],
};
