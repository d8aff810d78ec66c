/** Runs every stretch over every contender, round after round, in alternating order. */

import type { BenchProcess } from './bench-process.ts';
import { memoryMiB, processorMicros } from './bench-process.ts';
import type { Contender, ContenderName } from './contenders.ts';
import type { BenchOptions } from './options.ts';
import { atOnce, type LoadOrder, type LoadReport } from './protocol.ts';
import type { Stretch, StretchName } from './stretches.ts';

/** One contender under one stretch in one round. */
export interface Cell {
  readonly stretch: StretchName;
  readonly contender: ContenderName;
  readonly round: number;
  readonly load: LoadReport;
  /** Of the contender's process for each answer; NaN for the upstream itself. */
  readonly processorMicrosPerAnswer: number;
  /** Most that the contender's process held during the stretch. */
  readonly memoryMiB: number;
}

export interface Measured {
  readonly cells: readonly Cell[];
  readonly idleMiB: Readonly<Partial<Record<ContenderName, number>>>;
  /** Anything here fails the bench. */
  readonly faults: readonly string[];
}

interface Crew {
  readonly upstream: BenchProcess;
  readonly load: BenchProcess;
  readonly contenders: readonly Contender[];
}

const MEMORY_EVERY_MS = 50;

export async function measure(
  crew: Crew,
  options: BenchOptions,
  tell: (line: string) => void,
): Promise<Measured> {
  const cells: Cell[] = [];
  const faults: string[] = [];
  const idleMiB = Object.fromEntries(
    crew.contenders.flatMap((one) =>
      one.process === undefined ? [] : [[one.name, memoryMiB(one.process.pid)]],
    ),
  );
  let isWarm = false;
  for (const stretch of options.stretches) {
    const isHeld = stretch.name === 'streams-held';
    if (!isHeld && !isWarm) {
      await warmUp(crew, options, tell);
      isWarm = true;
    }
    await crew.upstream.ask({ pacing: stretch.pacing });
    const rounds = isHeld ? options.rounds / 2 : options.rounds;
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? crew.contenders : crew.contenders.toReversed();
      for (const contender of order) {
        const cell = await runCell(crew, { stretch, contender, round }, options);
        cells.push(cell);
        faults.push(...faultsOf(cell, contender));
      }
      tell(`${stretch.name}: round ${round + 1} of ${rounds}`);
    }
  }
  return { cells, idleMiB, faults };
}

/** Thousands of answers before the first figure: code that is new runs at a fraction of its speed for seconds. */
async function warmUp(crew: Crew, options: BenchOptions, tell: (line: string) => void): Promise<void> {
  tell('warming up');
  await crew.upstream.ask({ pacing: atOnce });
  for (const stream of [false, true]) {
    for (const { url, headers, audit } of crew.contenders) {
      const shape = { connections: 64 };
      const order: LoadOrder = { url, headers, stream, shape, discardMs: 0, measureMs: options.warmUpMs };
      await crew.load.ask(order);
      audit?.take();
    }
  }
}

async function runCell(
  { load }: Crew,
  what: { readonly stretch: Stretch; readonly contender: Contender; readonly round: number },
  { discardMs, measureMs, measureOpenMs }: BenchOptions,
): Promise<Cell> {
  const { stretch, contender, round } = what;
  const { url, headers, process } = contender;
  const isOpen = 'perSecond' in stretch.shape || stretch.name === 'streams-held';
  const order: LoadOrder = {
    url,
    headers,
    stream: stretch.stream,
    shape: stretch.shape,
    discardMs,
    measureMs: isOpen ? measureOpenMs : measureMs,
  };
  const before = process === undefined ? Number.NaN : processorMicros(process.pid);
  let mostMiB = Number.NaN;
  const weigh = () => {
    if (process !== undefined) mostMiB = Math.max(mostMiB || 0, memoryMiB(process.pid));
  };
  const timer = setInterval(weigh, MEMORY_EVERY_MS);
  const report = await load.ask<LoadReport>(order);
  clearInterval(timer);
  weigh();
  const used = process === undefined ? Number.NaN : processorMicros(process.pid) - before;
  return {
    stretch: stretch.name,
    contender: contender.name,
    round,
    load: report,
    processorMicrosPerAnswer: used / report.answersInAll,
    memoryMiB: mostMiB,
  };
}

function faultsOf({ load, stretch, round }: Cell, { name, audit }: Contender): readonly string[] {
  const where = `${name}, ${stretch}, round ${round + 1}`;
  const faults = load.wrong.map((why) => `${where}: ${why}`);
  if (load.wrongCount > load.wrong.length)
    faults.push(`${where}: and ${load.wrongCount - load.wrong.length} more wrong answers`);
  if (load.answers === 0) faults.push(`${where}: no answer in the measured time`);
  if (audit !== undefined) {
    const { audited, measured } = audit.take();
    // The last lines may still be on their way; a line that is never written shows in every stretch.
    if (audited < load.answers || measured < load.answers)
      faults.push(`${where}: ${load.answers} answers, ${audited} audit lines, ${measured} metric lines`);
  }
  return faults;
}
