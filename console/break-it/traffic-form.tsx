/** Starts and stops recorded traffic, and says how far it is. */
import { useState } from 'preact/hooks';
import type { TrafficOrder, TrafficReport, TrafficTrace } from '#contract/local-traffic.ts';
import { utcClock } from '../shell/times.ts';
import { Select } from './break-form.tsx';

export interface TrafficFormProps {
  readonly report: TrafficReport;
  readonly onStart: (order: TrafficOrder) => void;
  readonly onStop: () => void;
}

const rates = [1, 4, 10, 25] as const;
const minutes = [2, 5, 10] as const;
const traceNames: Readonly<Record<TrafficTrace, string>> = {
  conversation: 'Conversations (Azure, 2023)',
  longContext: 'Long prompts (Mooncake, 2025)',
};

export function TrafficForm({ report, onStart, onStop }: TrafficFormProps) {
  const { choices, settings, running } = report;
  // What was ordered last, also by somebody else: a page that is loaded again shows what runs.
  const [residency, setResidency] = useState(settings?.residency ?? firstResidency(choices.residencies));
  const [rate, setRate] = useState(String(settings?.requestsPerSecond ?? rates[1]));
  const [length, setLength] = useState(String((settings?.seconds ?? minutes[1] * 60) / 60));
  const [trace, setTrace] = useState<string>(settings?.trace ?? 'conversation');
  const start = (event: Event): void => {
    event.preventDefault();
    onStart({
      residency,
      requestsPerSecond: Number(rate),
      seconds: Number(length) * 60,
      trace: trace as TrafficTrace,
    });
  };
  const numbers = (known: readonly number[], chosen: string, unit: string) =>
    [...new Set([...known, Number(chosen)])]
      .sort((left, right) => left - right)
      .map((value) => ({ value: String(value), text: `${value} ${unit}` }));
  return (
    <form class="break-traffic" onSubmit={start} aria-label="Traffic">
      <Select
        label="Residency"
        options={choices.residencies.map((name) => ({ value: name, text: name }))}
        value={residency}
        onChoose={setResidency}
      />
      <Select label="Rate" options={numbers(rates, rate, 'requests/s')} value={rate} onChoose={setRate} />
      <Select label="For" options={numbers(minutes, length, 'min')} value={length} onChoose={setLength} />
      <Select
        label="As in"
        options={Object.entries(traceNames).map(([value, text]) => ({ value, text }))}
        value={trace}
        onChoose={setTrace}
      />
      <button type="submit">{running ? 'Start anew' : 'Start traffic'}</button>
      <button type="button" class="quiet" disabled={!running} onClick={onStop}>
        Stop traffic
      </button>
      <p class="break-progress">{progressOf(report)}</p>
    </form>
  );
}

/** Where a region can go dark and others of the same residency are left. */
const firstResidency = (names: readonly string[]): string => (names.includes('eu') ? 'eu' : (names[0] ?? ''));

function progressOf({ running, settings, endsAt, sent, answered, failed, notSent }: TrafficReport): string {
  if (settings === null || endsAt === null) return 'No traffic yet. Without it there is nothing to watch.';
  const left = notSent === 0 ? '' : `, ${notSent} not sent (too many under way)`;
  const counts = `${sent} sent, ${answered} answered, ${failed} failed${left}`;
  const gateways = settings.gateways.join(', ');
  if (!running) return `Ended: ${counts}. Asked: ${gateways}.`;
  return `Running until ${utcClock(Date.parse(endsAt))}: ${counts}. Asking ${gateways}.`;
}
