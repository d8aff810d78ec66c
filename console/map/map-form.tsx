import type { ResidencyMap } from '#contract/residencies.ts';
import type { RouteList } from '#contract/route-history.ts';
import { isLawful, type MapQuestion } from './foresee-traffic.ts';
import { namedRegion } from './region-cities.ts';

export interface MapFormProps {
  readonly map: ResidencyMap;
  readonly known: RouteList;
  readonly question: MapQuestion;
  readonly onChange: (question: MapQuestion) => void;
}

export function MapForm({ map, known, question, onChange }: MapFormProps) {
  const lawful = map.regions
    .map(({ region }) => region)
    .filter((region) => isLawful(map, question.residency, region));
  const options = (values: readonly string[]) => values.map((value) => <option key={value}>{value}</option>);
  const dark = question.dark === '' || lawful.includes(question.dark) ? lawful : [...lawful, question.dark];
  return (
    <form class="filters" aria-label="What the map shows" onSubmit={(event) => event.preventDefault()}>
      <label>
        Residency
        <select
          value={question.residency}
          onChange={(event) => onChange({ ...question, residency: event.currentTarget.value })}
        >
          {options(map.residencies.map(({ name }) => name))}
        </select>
      </label>
      <label>
        Model
        <select
          value={question.model}
          onChange={(event) => onChange({ ...question, model: event.currentTarget.value })}
        >
          {options(known.models.map(({ name }) => name))}
        </select>
      </label>
      <label>
        What if a region goes dark?
        <select
          value={question.dark}
          onChange={(event) => onChange({ ...question, dark: event.currentTarget.value })}
        >
          <option value="">None is dark</option>
          {dark.map((region) => (
            <option key={region} value={region}>
              {namedRegion(region)}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}
