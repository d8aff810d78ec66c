import type { MeasuredSpeed } from '#core/facts/compile-hosting.ts';
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
      'Of an engine that nobody measured, and of any other, give capacity plan your own figures: --prefill-tokens-per-second and --output-token-ms.',
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
  }[];
}

function enginesOf({ facts, hosting }: CommandContext['runtime']): readonly ListedEngine[] {
  return facts.engines.map((engine) => ({
    engine,
    weightsGiB: facts.engineOf(engine)?.weightsGiB ?? 0,
    measured: hosting.speedsOf(engine).map(measuredOn),
  }));
}

function measuredOn({ instanceType, gpusPerCopy, speed, source }: MeasuredSpeed) {
  const requestsMax = speed.tokenMs.at(-1)?.[0] ?? 0;
  return { instanceType, gpusPerCopy, prompts: speed.promptMs.length > 0, requestsMax, source };
}

function drawEngines(
  engines: readonly ListedEngine[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const sources = [...new Set(engines.flatMap(({ measured }) => measured.map(({ source }) => source)))];
  const rows = engines.flatMap(({ engine, weightsGiB, measured }) =>
    measured.map(({ instanceType, gpusPerCopy, prompts, requestsMax, source }) => ({
      cells: [
        { text: engine, ink: 'strong' as const },
        `${Math.ceil(weightsGiB)} GiB`,
        instanceType,
        `${gpusPerCopy}`,
        prompts ? `${requestsMax} requests, prompts` : `${requestsMax} requests`,
        `[${sources.indexOf(source) + 1}]`,
      ],
    })),
  );
  const columns = [
    { heading: 'engine' },
    { heading: 'weights', align: 'right' as const },
    { heading: 'measured on' },
    { heading: 'GPUs', align: 'right' as const },
    { heading: 'up to' },
    { heading: '' },
  ];
  const others = engines.filter(({ measured }) => measured.length === 0).map(({ engine }) => engine);
  return [
    ...renderTable({ columns, rows, width, paint }),
    '',
    ...wrapText(`Nobody measured in public: ${others.join(', ')}.`, width),
    '',
    ...sources.flatMap((source, index) =>
      wrapText(source, width - 4).map((line, place) =>
        paint('dim', `${place === 0 ? `[${index + 1}]` : '   '} ${line}`),
      ),
    ),
  ];
}
