/** The package tells the types of its whole alone; this is the one part that is taken by its own path. */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';

  export default Pool;
}
