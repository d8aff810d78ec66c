import { useState } from 'preact/hooks';
import { offeredKey, offeredOperator } from './local-offers.ts';

export interface SignInProps {
  /** What was typed before, and not taken. */
  readonly refused: boolean;
  readonly onSignIn: (credential: string) => void;
}

export function SignIn({ refused, onSignIn }: SignInProps) {
  const [typed, setTyped] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (typed.trim() !== '') onSignIn(typed.trim());
  };
  return (
    <section class="sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">Sign in</h1>
      <p>
        Show the gateway an API key of your tenant, or a token. You see what it may use; an operator sees
        everything.
      </p>
      <form onSubmit={submit}>
        <label for="credential">API key or token</label>
        <input
          id="credential"
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={typed}
          aria-invalid={refused}
          aria-describedby="credential-note"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit">Sign in</button>
      </form>
      <p id="credential-note" class={refused ? 'bad' : 'dim'} role={refused ? 'alert' : undefined}>
        {refused
          ? '✗ The gateway did not take it. Is it complete, and of this deployment?'
          : 'Kept in this tab until it closes, and sent to this gateway only.'}
      </p>
      <LocalOffers onSignIn={onSignIn} />
    </section>
  );
}

/** One step in for who tries local mode. */
function LocalOffers({ onSignIn }: Pick<SignInProps, 'onSignIn'>) {
  const [problem, setProblem] = useState('');
  const key = offeredKey();
  const askOperator = offeredOperator();
  return (
    <>
      {key !== undefined && (
        <p>
          <button type="button" class="quiet" onClick={() => onSignIn(key)}>
            Use the demo key of local mode, {key}
          </button>
        </p>
      )}
      {askOperator !== undefined && (
        <p>
          <button
            type="button"
            class="quiet"
            onClick={() => askOperator().then(onSignIn, (error: unknown) => setProblem(String(error)))}
          >
            Sign in as local operator
          </button>
        </p>
      )}
      {problem !== '' && (
        <p class="bad" role="alert">
          ✗ {problem}
        </p>
      )}
    </>
  );
}
