import { useState } from 'preact/hooks';

export interface SignInProps {
  /** What was typed before, and not taken. */
  readonly refused: boolean;
  readonly onSignIn: (credential: string) => void;
}

/** The key that local mode offers on its page, where no stranger comes; a deployed gateway offers none. */
const localKey = (): string | undefined =>
  document.querySelector<HTMLMetaElement>('meta[name="spillway-local-key"]')?.content;

export function SignIn({ refused, onSignIn }: SignInProps) {
  const [typed, setTyped] = useState('');
  const offered = localKey();
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
      {offered !== undefined && (
        <p>
          <button type="button" class="quiet" onClick={() => onSignIn(offered)}>
            Use the demo key of local mode, {offered}
          </button>
        </p>
      )}
    </section>
  );
}
