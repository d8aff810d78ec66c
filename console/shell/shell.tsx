/** What stands around every page: who looks, where one can go, dark or light, and the time in UTC. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { createConsoleApi } from './console-api.ts';
import { keepCredential, keptCredential } from './credential.ts';
import { type ConsolePage, pages } from './pages.ts';
import { SignIn } from './sign-in.tsx';
import { chooseTheme, keptTheme, type Theme, themes } from './theme.ts';
import { utcClock } from './times.ts';
import { useHash } from './use-hash.ts';
import { useLocalMode } from './use-local-mode.ts';
import { useNow } from './use-now.ts';

export function Shell() {
  const viewer = useViewer();
  const isLocal = useLocalMode();
  // A page of local mode that was loaded again waits for nobody: whether it may be there is known in a moment.
  const page = useCurrentPage(pagesWhere(isLocal ?? true));
  return (
    <>
      <button type="button" class="skip" onClick={focusMain}>
        Skip to the page
      </button>
      <header class="bar">
        <span class="brand">Spillway</span>
        {viewer.api !== undefined && <Navigation current={page} offered={pagesWhere(isLocal ?? false)} />}
        <div class="bar-end">
          <Clock />
          <ThemeSwitch />
          {viewer.api !== undefined && (
            <button type="button" class="quiet" onClick={viewer.signOut}>
              Sign out
            </button>
          )}
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {viewer.api === undefined || page === undefined ? (
          <SignIn refused={viewer.refused} onSignIn={viewer.signIn} />
        ) : (
          <page.component key={page.path} api={viewer.api} />
        )}
      </main>
    </>
  );
}

function useViewer() {
  const [credential, setCredential] = useState(keptCredential());
  const [refused, setRefused] = useState(false);
  const change = (next: string | undefined, wasRefused: boolean): void => {
    keepCredential(next);
    setCredential(next);
    setRefused(wasRefused);
  };
  const api = useMemo(
    () =>
      credential === undefined
        ? undefined
        : createConsoleApi({
            credential,
            base: document.baseURI,
            fetch: (input, init) => fetch(input, init),
            onUnauthorized: () => change(undefined, true),
          }),
    [credential],
  );
  return {
    api,
    refused,
    signIn: (typed: string) => change(typed, false),
    signOut: () => change(undefined, false),
  };
}

const pagesWhere = (isLocal: boolean): readonly ConsolePage[] =>
  pages.filter((page) => isLocal || page.isLocalOnly !== true);

/** The first page where the address names none; the title of the window follows, and the focus with a new page. */
function useCurrentPage(offered: readonly ConsolePage[]): ConsolePage | undefined {
  const hash = useHash();
  const path = hash.split('?')[0];
  const page = offered.find((known) => known.path === path) ?? offered[0];
  const last = useRef(page);
  useEffect(() => {
    document.title = page === undefined ? 'Spillway' : `${page.title} – Spillway`;
    if (last.current !== page) document.getElementById('main')?.focus({ preventScroll: true });
    last.current = page;
  }, [page]);
  return page;
}

function focusMain(): void {
  document.getElementById('main')?.focus();
}

function Navigation(props: {
  readonly current: ConsolePage | undefined;
  readonly offered: readonly ConsolePage[];
}) {
  const { current, offered } = props;
  return (
    <nav aria-label="Pages">
      <ul>
        {offered.map(({ path, title }) => (
          <li key={path}>
            <a href={`#/${path}`} aria-current={current?.path === path ? 'page' : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Clock() {
  const now = useNow(1000);
  return (
    <span class="clock" title="All times are in UTC">
      {utcClock(now)}
    </span>
  );
}

const themeNames: Readonly<Record<Theme, string>> = { system: 'System', dark: 'Dark', light: 'Light' };

function ThemeSwitch() {
  const [theme, setTheme] = useState(keptTheme());
  const choose = (event: { readonly currentTarget: HTMLSelectElement }): void => {
    const chosen = themes.find((name) => name === event.currentTarget.value) ?? 'system';
    setTheme(chosen);
    chooseTheme(chosen);
  };
  return (
    <select class="quiet" aria-label="Colours" value={theme} onChange={choose}>
      {themes.map((name) => (
        <option key={name} value={name}>
          {themeNames[name]}
        </option>
      ))}
    </select>
  );
}
