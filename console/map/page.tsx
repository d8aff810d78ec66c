/** Regions by geography and jurisdiction: where traffic of a residency may go, where it goes, and what a dark region changes. */
import { useMemo, useState } from 'preact/hooks';
import type { Availability } from '#contract/http.ts';
import type { ResidencyMap } from '#contract/residencies.ts';
import type { RouteList } from '#contract/route-history.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { Empty, Loading, Problem } from '../shell/states.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { hashQuery, replaceHashQuery } from '../shell/use-hash.ts';
import { foreseeTraffic, lawfulGateways, type MapQuestion } from './foresee-traffic.ts';
import { MapForm } from './map-form.tsx';
import { MapTiles } from './map-tiles.tsx';
import { readWent } from './read-went.ts';
import { tilesOf } from './region-tiles.ts';
import { tellTraffic } from './tell-traffic.ts';
import { useElsewhere } from './use-elsewhere.ts';
import { useExplanations } from './use-explanations.ts';
import { useWent } from './use-went.ts';
import { WentView } from './went-view.tsx';

const REFRESH_MS = 15_000;

export function MapPage({ api }: { readonly api: ConsoleApi }) {
  const map = useAnswer<ResidencyMap>(api, '/spillway/v1/residencies');
  const known = useAnswer<RouteList>(api, '/spillway/v1/routes');
  const problem = map.problem ?? known.problem;
  if (map.answer !== undefined && known.answer !== undefined) {
    return map.answer.residencies.length === 0 || known.answer.models.length === 0 ? (
      <Empty title="Nothing to show on a map">You may name no residency, or no model.</Empty>
    ) : (
      <TrafficMap api={api} map={map.answer} known={known.answer} />
    );
  }
  if (problem === undefined) return <Loading what="residencies and regions" />;
  const again = (): void => {
    map.again();
    known.again();
  };
  return <Problem problem={problem} onRetry={again} />;
}

interface TrafficMapProps {
  readonly api: ConsoleApi;
  readonly map: ResidencyMap;
  readonly known: RouteList;
}

function TrafficMap({ api, map, known }: TrafficMapProps) {
  const [question, ask] = useQuestion(map, known);
  const gateways = lawfulGateways(map, question.residency);
  const own = gateways.filter((region) => region === known.from);
  const { explanations, problem } = useExplanations(api, known, {
    ...question,
    gateways: [...own, ...gateways.filter((region) => region !== known.from)],
    everyMs: REFRESH_MS,
  });
  const targets = useAnswer<Availability>(
    api,
    `/spillway/v1/availability?model=${encodeURIComponent(question.model)}`,
  );
  const reaches = useMemo(
    () => new Map(targets.answer?.targets.map(({ id, reach }) => [id, reach])),
    [targets.answer],
  );
  const heard = useWent(api);
  const elsewhere = useElsewhere(api, known, question);
  const went = heard.event === undefined ? undefined : readWent(heard.event, map, question.residency);
  const foreseen = foreseeTraffic(explanations ?? new Map(), question, (target) => reaches.get(target));
  const [answer, ...reasons] =
    explanations === undefined ? ['Asking the gateways.'] : tellTraffic(question, foreseen);
  return (
    <>
      <h1>Map</h1>
      <MapForm map={map} known={known} question={question} onChange={ask} />
      <section
        class={
          explanations !== undefined && foreseen.steps.length === 0 ? 'map-answer map-fails' : 'map-answer'
        }
        role="status"
        aria-label="What happens to the traffic"
      >
        {problem === undefined ? (
          <>
            <p class="map-sentence">{answer}</p>
            <p class="dim">{reasons.join(' ')}&nbsp;</p>
          </>
        ) : (
          <p class="bad">✗ {problem.message}</p>
        )}
      </section>
      <WentView question={question} heard={heard} went={went} elsewhere={elsewhere} />
      <MapTiles
        geographies={tilesOf(map, question, { foreseen, asked: went?.asked })}
        steps={foreseen.steps}
        residency={question.residency}
        onDarken={(region) => ask({ ...question, dark: question.dark === region ? '' : region })}
      />
    </>
  );
}

function useQuestion(
  map: ResidencyMap,
  known: RouteList,
): readonly [MapQuestion, (next: MapQuestion) => void] {
  const [question, setQuestion] = useState<MapQuestion>(() =>
    questionFrom(hashQuery(window.location.hash), map, known),
  );
  const change = (next: MapQuestion): void => {
    setQuestion(next);
    replaceHashQuery('map', new URLSearchParams({ ...next }));
  };
  return [question, change];
}

function questionFrom(query: URLSearchParams, map: ResidencyMap, known: RouteList): MapQuestion {
  const among = (name: string, values: readonly string[], usual: string | undefined): string =>
    values.find((value) => value === query.get(name)) ?? usual ?? values[0] ?? '';
  const names = map.residencies.map(({ name }) => name);
  // A residency with a bound shows what a map is for.
  const bounded = map.residencies.find(({ lawful }) => lawful !== 'any' && lawful.length > 1)?.name;
  return {
    residency: among('residency', names, names.includes('eu') ? 'eu' : bounded),
    model: among(
      'model',
      known.models.map(({ name }) => name),
      undefined,
    ),
    dark: among('dark', ['', ...map.regions.map(({ region }) => region)], ''),
  };
}
