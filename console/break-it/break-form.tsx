/** Four ways to break it. Each is one choice and one button. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { darkRegion, deadTable, type FaultRule, slowModel, throttledPool } from './breakage.ts';
import type { Choices } from './choices.ts';

export interface BreakFormProps {
  readonly choices: Choices;
  readonly onBreak: (rule: FaultRule) => void;
}

export function BreakForm({ choices, onBreak }: BreakFormProps) {
  return (
    <div class="break-cards">
      <DarkenRegion choices={choices} onBreak={onBreak} />
      <ThrottlePool choices={choices} onBreak={onBreak} />
      <SlowModel choices={choices} onBreak={onBreak} />
      <KillTable onBreak={onBreak} />
    </div>
  );
}

function Card(props: {
  readonly title: string;
  readonly note: string;
  readonly action: string;
  /** Undefined where there is nothing to choose: then nothing can be broken. */
  readonly rule: FaultRule | undefined;
  readonly onBreak: (rule: FaultRule) => void;
  readonly children?: ComponentChildren;
}) {
  const { title, note, action, rule, onBreak, children } = props;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (rule !== undefined) onBreak(rule);
  };
  return (
    <form class="break-card" onSubmit={submit} aria-label={title}>
      <h2>{title}</h2>
      <p class="dim">{note}</p>
      {children}
      <button type="submit" disabled={rule === undefined}>
        {action}
      </button>
    </form>
  );
}

interface SelectProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

export function Select({ label, options, value, onChoose }: SelectProps) {
  return (
    <label class="break-field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.length === 0 && <option value="">Not known at this moment</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is chosen among things that may come and go: the first where nothing, or something gone, was. */
function useChoice<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string, first?: string) {
  const [key, choose] = useState(first ?? '');
  const thing = things.find((known) => keyOf(known) === key) ?? things[0];
  return { thing, key: thing === undefined ? '' : keyOf(thing), choose };
}

const same = (text: string): string => text;

/** Where most of a first look at failover happens. */
const REGION_FIRST = 'eu-central-1';

function DarkenRegion({ choices, onBreak }: BreakFormProps) {
  const { thing, key, choose } = useChoice(choices.regions, same, REGION_FIRST);
  return (
    <Card
      title="Darken a region"
      note="Models, discovery and tables there take no connection."
      action="Darken it"
      rule={thing === undefined ? undefined : darkRegion(thing)}
      onBreak={onBreak}
    >
      <Select
        label="Region"
        options={choices.regions.map((region) => ({ value: region, text: region }))}
        value={key}
        onChoose={choose}
      />
    </Card>
  );
}

function ThrottlePool({ choices, onBreak }: BreakFormProps) {
  const keyOf = (pool: Choices['pools'][number]): string => `${pool.account}/${pool.region}/${pool.target}`;
  const { thing, key, choose } = useChoice(choices.pools, keyOf);
  return (
    <Card
      title="Throttle a pool"
      note="Bedrock says 429 to one account for one model or profile in one region."
      action="Throttle it"
      rule={thing === undefined ? undefined : throttledPool(thing)}
      onBreak={onBreak}
    >
      <Select
        label="Pool"
        options={choices.pools.map((pool) => ({
          value: keyOf(pool),
          text: `${pool.region} · ${pool.target} · ${pool.account}`,
        }))}
        value={key}
        onChoose={choose}
      />
    </Card>
  );
}

const delaysMs = [1_000, 5_000, 30_000] as const;

function SlowModel({ choices, onBreak }: BreakFormProps) {
  const keyOf = (model: Choices['models'][number]): string => `${model.service} ${model.name}`;
  const { thing, key, choose } = useChoice(choices.models, keyOf);
  const [delay, setDelay] = useState(String(delaysMs[1]));
  return (
    <Card
      title="Slow a model"
      note="Every call of it waits before it is answered."
      action="Slow it"
      rule={thing === undefined ? undefined : slowModel(thing, Number(delay))}
      onBreak={onBreak}
    >
      <Select
        label="Model or endpoint"
        options={choices.models.map((model) => ({
          value: keyOf(model),
          text: model.service === 'bedrock-runtime' ? model.name : `${model.name} (endpoint)`,
        }))}
        value={key}
        onChoose={choose}
      />
      <Select
        label="By"
        options={delaysMs.map((ms) => ({ value: String(ms), text: `${ms / 1000} s` }))}
        value={delay}
        onChoose={setDelay}
      />
    </Card>
  );
}

function KillTable({ onBreak }: Pick<BreakFormProps, 'onBreak'>) {
  return (
    <Card
      title="Kill the table"
      note="DynamoDB refuses in every region: routes, observations, keys and limits."
      action="Kill it"
      rule={deadTable}
      onBreak={onBreak}
    />
  );
}
