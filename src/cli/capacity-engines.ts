import type { MeasuredSpeed } from '#core/facts/compile-hosting.ts';
import { OUTPUT_OPTION, PREFILL_OPTION, PRICE_OPTION } from './capacity-plan/missing-figures.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import type { Paint } from './terminal/paint.ts';
import { renderTable } from './terminal/render-table.ts';
import { wrapText } from './terminal/wrap-text.ts';

export const capacityEngines: Command = {
  spec: {
    name: 'capacity engines',
    synopsis: '',
    summary:
      'Lists the engines that capacity plan knows, and where somebody measured them: instance types, GPUs of a copy, and who did.',
    positionals: [],
    options: {},
    notes: [
      'Exit code 1: no engine was measured.',
      'capacity plan <model> --engine <name> reckons with every place that can be planned “as it stands”; of any other give it your own figures.',
    ],
  },
  async run({ line, terminal, runtime }) {
    const engines = enginesOf(runtime);
    if (line.flag('json')) printJson(terminal, engines);
    else terminal.print(...drawEngines(engines, terminal));
    return engines.some(({ measured }) => measured.length > 0) ? 0 : 1;
  },
};

interface ListedEngine {
  readonly engine: string;
  readonly weightsGiB: number;
  readonly measured: readonly {
    readonly instanceType: string;
    readonly gpusPerCopy: number;
    /** How fast it reads prompts was measured too. */
    readonly prompts: boolean;
    readonly requestsMax: number;
    readonly source: string;
    /** Options that capacity plan needs to reckon with this place; none where it does as it stands. */
    readonly needs: readonly string[];
  }[];
}

function enginesOf({ facts, hosting }: CommandContext['runtime']): readonly ListedEngine[] {
  return facts.engines.map((engine) => ({
    engine,
    weightsGiB: facts.engineOf(engine)?.weightsGiB ?? 0,
    measured: hosting.speedsOf(engine).map((row) => measuredOn(row, hosting.instancePrice(row.instanceType))),
  }));
}

function measuredOn(
  { instanceType, gpusPerCopy, speed, source }: MeasuredSpeed,
  microUsdPerHour: number | undefined,
) {
  const requestsMax = speed.tokenMs.at(-1)?.[0] ?? 0;
  const prompts = speed.promptMs.length > 0;
  const figures = [
    ...(prompts ? [] : [PREFILL_OPTION]),
    ...(microUsdPerHour === undefined ? [PRICE_OPTION] : []),
  ];
  const needs = figures.length === 0 ? [] : [`--instance-type ${instanceType}`, ...figures];
  return { instanceType, gpusPerCopy, prompts, requestsMax, source, needs };
}

function drawEngines(
  engines: readonly ListedEngine[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const sources = [...new Set(engines.flatMap(({ measured }) => measured.map(({ source }) => source)))];
  const rows = engines.flatMap(({ engine, weightsGiB, measured }) =>
    measured.map(({ instanceType, gpusPerCopy, requestsMax, source, needs }) => ({
      cells: [
        { text: engine, ink: 'strong' as const },
        `${Math.ceil(weightsGiB)} GiB`,
        instanceType,
        `${gpusPerCopy}`,
        `${requestsMax} requests`,
        needs.length === 0 ? 'as it stands' : 'if you say ↓',
        `[${sources.indexOf(source) + 1}]`,
      ],
      below: needs.length === 0 ? undefined : { ink: 'dim' as const, text: `${needs.join(' ')}` },
    })),
  );
  const columns = [
    { heading: 'engine' },
    { heading: 'weights', align: 'right' as const },
    { heading: 'measured on' },
    { heading: 'GPUs', align: 'right' as const },
    { heading: 'up to' },
    { heading: 'planned' },
    { heading: '' },
  ];
  const others = engines.filter(({ measured }) => measured.length === 0).map(({ engine }) => engine);
  return [
    ...renderTable({ columns, rows, width, paint }),
    '',
    ...wrapText(
      `Nobody measured in public: ${others.join(', ')}. They are planned with what your own benchmark showed: --instance-type <type> ${PREFILL_OPTION} ${OUTPUT_OPTION}, and ${PRICE_OPTION} where the type’s price is not known.`,
      width,
    ),
    '',
    ...sources.flatMap((source, index) =>
      wrapText(source, width - 4).map((line, place) =>
        paint('dim', `${place === 0 ? `[${index + 1}]` : '   '} ${line}`),
      ),
    ),
  ];
}
