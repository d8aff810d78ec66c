/** The operator's own sign-in: in this page's memory until it is forgotten or the page is left. Written down nowhere. */
let remembered = '';

export const rememberedSignIn = (): string => remembered;

export function rememberSignIn(token: string): void {
  remembered = token;
}
