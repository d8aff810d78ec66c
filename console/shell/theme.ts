/** Dark or light: as the system says, until the viewer says otherwise. */

export const themes = ['system', 'dark', 'light'] as const;

export type Theme = (typeof themes)[number];

const PLACE = 'spillway.theme';

export function keptTheme(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(PLACE)) ?? 'system';
  } catch {
    // A browser that keeps nothing for us follows the system.
    return 'system';
  }
}

export function chooseTheme(theme: Theme): void {
  showTheme(theme);
  try {
    localStorage.setItem(PLACE, theme);
  } catch {
    // It holds for as long as the page is open.
  }
}

export function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
