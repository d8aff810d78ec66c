import type { Explanation } from '#contract/http.ts';
import { groupBy } from '../availability/build-matrix.ts';
import type { Paint } from '../terminal/paint.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { partsOfId } from './read-plan.ts';

/** Removal codes in words; an unknown code is shown as it is. */
const removals: Readonly<Record<string, string>> = {
  'residency-forbidden': 'its reach leaves the residency',
  'retention-forbidden': 'it keeps prompts longer than allowed',
  'tenant-forbidden': 'the tenant may not use it',
  'capability-missing': 'it cannot do what the request asks',
  'context-too-long': 'the request is too long for it',
  'state-unusable': 'it cannot serve now',
  'operator-disabled': 'an operator switched it off',
  ejected: 'it failed too often and rests',
  'no-capacity': 'it is full or asleep, its quota has no room, or the call never fits',
  'budget-exhausted': 'it costs more than the budget left',
  'price-unknown': 'its price is unknown and a cap is set',
  'deadline-too-short': 'there is not enough time for it',
};

interface RemovedDrawing {
  readonly explanation: Explanation;
  readonly width: number;
  readonly paint: Paint;
}

/** What was left out, by reason; of what passes also until when, and who found out. */
export function drawRemoved({ explanation, width, paint }: RemovedDrawing): readonly string[] {
  const distinct = distinctRemovals(explanation);
  // The gateway's own place forbids every target alike: the headline has said so.
  if (distinct.length === 0 || explanation.code === 'wrong_gateway_region') return [];
  const groups = [...groupBy(distinct, (removal) => removal.code)].sort(
    ([, left], [, right]) => right.length - left.length,
  );
  return [
    paint('strong', 'Removed'),
    ...groups.flatMap(([code, removed]) => {
      const named = [...groupBy(removed, (removal) => partsOfId(removal.target).name)].map(
        ([name, own]) =>
          `${name} in ${own.map((removal) => `${partsOfId(removal.target).region}${passing(removal)}`).join(', ')}`,
      );
      return [
        `  ${paint('warn', `${removed.length} ${code}`)}${paint('dim', `: ${removals[code] ?? ''}${missingIn(removed)}`)}`,
        ...named.sort().flatMap((text) => wrapText(text, width - 4).map((line) => `    ${line}`)),
      ];
    }),
  ];
}

/** How long it lasts, and who found out. */
function passing({ ejection, pressure }: Explanation['removed'][number]): string {
  const words =
    ejection === undefined
      ? pressure === undefined
        ? []
        : pressing(pressure)
      : [`${ejections[ejection.of]}${phases[ejection.phase]}`, ...endOf(ejection), finders[ejection.foundBy]];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

type Pressure = NonNullable<Explanation['removed'][number]['pressure']>;

function pressing(pressure: Pressure): readonly string[] {
  const { neededTokens, heldTokens, waitMsMax, lacks } = pressure;
  if (neededTokens !== undefined && heldTokens !== undefined)
    return [`it takes ${neededTokens} tokens of ${lacks}, and there are ${heldTokens}`];
  const waits = waitMsMax === undefined ? [] : [waitOf(waitMsMax)];
  return [lackInWords(pressure), ...waits, ...endOf(pressure)];
}

const waitOf = (waitMsMax: number): string =>
  waitMsMax === 0 ? 'a call goes on at once' : `waited for up to ${waitMsMax} ms`;

function lackInWords({ lacks, throttled }: Pressure): string {
  switch (lacks) {
    case 'slots':
      return 'its slots are taken';
    case 'memory':
      return 'its memory is reserved by calls under way';
    case 'copies':
      return 'it sleeps without a copy and is being woken';
    default:
      // Gateways of an older version do not say which.
      if (throttled === undefined) return 'its quota rests';
      return throttled ? 'its quota was throttled and rests' : 'its quota has no room for this call';
  }
}

const ejections = {
  target: 'for everybody',
  region: 'its whole region',
  'such-requests': 'for such requests',
};
const phases = { ejected: '', 'half-open': ', being tried', returning: ', coming back' };
const finders = { 'this-process': 'seen by this process', 'another-process': 'told by another process' };

function endOf({ until }: { readonly until?: string | undefined }): readonly string[] {
  return until === undefined ? [] : [`until ${until.slice('YYYY-MM-DDT'.length, -'.000Z'.length)} UTC`];
}

function missingIn(removed: Explanation['removed']): string {
  const names = [...new Set(removed.flatMap(({ missing }) => missing ?? []))];
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}

/** A target that the route and the baseline both offer is judged twice and told once. */
export function distinctRemovals({ removed }: Explanation): Explanation['removed'] {
  return [...new Map(removed.map((removal) => [`${removal.target} ${removal.code}`, removal])).values()];
}
