import { useEffect, useState } from 'preact/hooks';
import type { RouteList } from '#contract/route-history.ts';
import type { Question } from './question.ts';

/** What to ask: a model by typing or picking, and where and how the call would come. A choice is asked at once. */
export function QuestionForm(props: {
  readonly known: RouteList;
  readonly question: Question;
  readonly onAsk: (question: Question) => void;
  readonly onAgain: () => void;
}) {
  const { known, question, onAsk, onAgain } = props;
  const [typed, setTyped] = useState(question.model);
  useEffect(() => setTyped(question.model), [question.model]);
  const names = known.models.map(({ name }) => name);
  const type = (model: string): void => {
    setTyped(model);
    if (names.includes(model)) onAsk({ ...question, model });
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (typed === question.model) onAgain();
    else onAsk({ ...question, model: typed });
  };
  return (
    <form class="question" onSubmit={submit}>
      <label>
        Model
        <input
          list="routes-models"
          value={typed}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => type(event.currentTarget.value)}
        />
      </label>
      <datalist id="routes-models">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Choice
        label="Residency"
        value={question.residency}
        values={known.residencies}
        onChoose={(residency) => onAsk({ ...question, residency })}
      />
      <Choice
        label="Lane"
        value={question.lane}
        values={known.lanes}
        onChoose={(lane) => onAsk({ ...question, lane })}
      />
      <Choice
        label="Asked from"
        value={question.from}
        values={known.gateways}
        onChoose={(from) => onAsk({ ...question, from })}
      />
      <button type="submit">Explain</button>
    </form>
  );
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onChoose: (value: string) => void;
}) {
  const { label, value, values, onChoose } = props;
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {values.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}
