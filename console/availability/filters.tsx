import type { Grouping } from './board.ts';
import type { BoardFilter, Show } from './filter-targets.ts';

export interface FiltersProps {
  readonly filter: BoardFilter;
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
  readonly onChange: (filter: BoardFilter) => void;
}

const showTexts: Readonly<Record<Show, string>> = {
  everything: 'Everything',
  gaps: 'Gaps that can be repaired',
  day: 'Changed in 24 hours',
  week: 'Changed in 7 days',
};

const groupingTexts: Readonly<Record<Grouping, string>> = {
  provider: 'Provider',
  account: 'Account',
  region: 'Region',
};

export function Filters({ filter, regions, accounts, onChange }: FiltersProps) {
  return (
    <form
      class="filters"
      role="search"
      aria-label="Models and places"
      onSubmit={(event) => event.preventDefault()}
    >
      <label>
        Search
        <input
          type="search"
          placeholder="anthropic.*"
          value={filter.search}
          spellcheck={false}
          onInput={(event) => onChange({ ...filter, search: event.currentTarget.value })}
        />
      </label>
      <Choice
        label="Region"
        value={filter.region}
        options={[['', 'All regions'], ...regions.map((region) => [region, region] as const)]}
        onChoose={(region) => onChange({ ...filter, region })}
      />
      <Choice
        label="Account"
        value={filter.account}
        options={[['', 'All accounts'], ...accounts.map((account) => [account, account] as const)]}
        onChoose={(account) => onChange({ ...filter, account })}
      />
      <Choice
        label="Show"
        value={filter.show}
        options={Object.entries(showTexts)}
        onChoose={(show) => onChange({ ...filter, show: show as Show })}
      />
      <Choice
        label="Group by"
        value={filter.grouping}
        options={Object.entries(groupingTexts)}
        onChoose={(grouping) => onChange({ ...filter, grouping: grouping as Grouping })}
      />
    </form>
  );
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChoose: (value: string) => void;
}) {
  const { label, value, options, onChoose } = props;
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
