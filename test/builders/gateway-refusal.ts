/** The error of a gateway's answer in OpenAI's format, with its status. */
export async function refusalOf(response: Response) {
  const { error } = (await response.json()) as {
    readonly error: { readonly code: string; readonly param: string | null; readonly message: string };
  };
  return { status: response.status, ...error };
}
