/** The socket's address on the origin the page came from: a proxy may have other names than the server itself knows. */
export function toPageOrigin(audioUrl: string, page: { protocol: string; host: string }): string {
  const { pathname, search } = new URL(audioUrl, `${page.protocol}//${page.host}`);
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}${pathname}${search}`;
}
