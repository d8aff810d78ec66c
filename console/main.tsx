/** The console's beginning in the browser. */
import { render } from 'preact';
import { Shell } from './shell/shell.tsx';
import { keptTheme, showTheme } from './shell/theme.ts';

const root = document.getElementById('console');
if (root !== null) {
  showTheme(keptTheme());
  render(<Shell />, root);
}
