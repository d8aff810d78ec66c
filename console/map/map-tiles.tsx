import type { TrafficStep } from './foresee-traffic.ts';
import { cityOf } from './region-cities.ts';
import type { Geography, RegionTile } from './region-tiles.ts';

export interface MapTilesProps {
  readonly geographies: readonly Geography[];
  readonly steps: readonly TrafficStep[];
  readonly residency: string;
  readonly onDarken: (region: string) => void;
}

/** No drawing of the earth: what decides is the jurisdiction of a region, not where it lies. */
export function MapTiles({ geographies, steps, residency, onDarken }: MapTilesProps) {
  return (
    <>
      <ul class="legend" aria-label="What the signs say">
        <li>
          <b class="good">→ 1</b> asked first, → 2 then
        </li>
        <li>
          <b class="good">◇</b> AWS may run the first choice here
        </li>
        <li>
          <b class="good">●</b> lawful under {residency}
        </li>
        <li>
          <b class="dim">✗</b> never: outside {residency}
        </li>
        <li>
          <b class="warn">☾</b> dark
        </li>
        <li>⌂ gateway</li>
        <li>⇢ calls that went there in the last minute</li>
      </ul>
      <div class="map">
        {geographies.map(({ name, tiles }) => (
          <section key={name} class="map-geography" aria-label={name}>
            <h2>{name}</h2>
            <ul>
              {tiles.map((tile) => (
                <Tile key={tile.region} tile={tile} onDarken={onDarken} />
              ))}
            </ul>
          </section>
        ))}
      </div>
      <Steps steps={steps} />
    </>
  );
}

function Tile({
  tile,
  onDarken,
}: {
  readonly tile: RegionTile;
  readonly onDarken: (region: string) => void;
}) {
  const { region, country, jurisdictions, isLawful, isGateway, isDark, went } = tile;
  const { sign, says, ink } = signOf(tile);
  const kind = isDark ? 'tile-dark' : isLawful ? 'tile-lawful' : 'tile-outside';
  const inside = (
    <>
      <span class="tile-head">
        <b class={ink} aria-hidden="true">
          {sign}
        </b>
        <span class="mono">{region}</span>
        {isGateway && <span aria-hidden="true">⌂</span>}
      </span>
      <span class="dim">
        {[cityOf(region), country].filter(Boolean).join(', ')} · {jurisdictions.join(', ')}
      </span>
      {went > 0 && (
        <span class={isLawful ? 'tile-went' : 'tile-went bad'}>
          <span aria-hidden="true">⇢ </span>
          {went} went here
        </span>
      )}
      <span class="hidden-text">
        {says}
        {isGateway ? ', with a gateway' : ''}
      </span>
    </>
  );
  return (
    <li>
      {isLawful || isDark ? (
        <button
          type="button"
          class={`tile ${kind}`}
          aria-pressed={isDark}
          title={isDark ? 'Mend it' : 'What if it goes dark?'}
          onClick={() => onDarken(region)}
        >
          {inside}
        </button>
      ) : (
        <div class={`tile ${kind}`}>{inside}</div>
      )}
    </li>
  );
}

function signOf({ isDark, isLawful, turn, mayRun }: RegionTile): {
  readonly sign: string;
  readonly says: string;
  readonly ink: string;
} {
  if (isDark) return { sign: '☾', says: 'dark', ink: 'warn' };
  if (turn !== undefined) return { sign: `→ ${turn}`, says: `asked as number ${turn}`, ink: 'good' };
  if (!isLawful) return { sign: '✗', says: 'never: outside the residency', ink: 'dim' };
  return mayRun
    ? { sign: '◇', says: 'lawful, and AWS may run the first choice here', ink: 'good' }
    : { sign: '●', says: 'lawful', ink: 'good' };
}

function Steps({ steps }: { readonly steps: readonly TrafficStep[] }) {
  return steps.length === 0 ? null : (
    <section class="map-steps" aria-labelledby="map-steps-title">
      <h2 id="map-steps-title">In this order</h2>
      <ol>
        {steps.map(({ region, targets, reach }) => (
          <li key={region}>
            <strong class="mono">{region}</strong>{' '}
            <span class="dim">
              by <code>{targets[0]?.split('/').slice(2).join('/')}</code>
              {targets.length > 1 ? ` and ${targets.length - 1} more` : ''}; AWS runs it in{' '}
              {reach.includes('*') ? 'any commercial region' : reach.join(', ')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
