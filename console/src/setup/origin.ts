/** exactOrigin gives scheme://host[:port] of what was typed, or undefined if it is no web address. */
export function exactOrigin(typed: string): string | undefined {
  const text = typed.trim();
  if (!text || /\s/.test(text)) return undefined;
  try {
    const url = new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
    return url.origin;
  } catch {
    return undefined;
  }
}

/** snippetFor gives the one line that a page needs. */
export function snippetFor(site: string, host: string): string {
  return `<script async src="${host}/w/loader.js?site=${site}" data-site="${site}"></script>`;
}

/** cspFor gives the directives that a page with a policy of its own needs. */
export const cspFor = (host: string): string => `script-src ${host}; connect-src ${host} ${host.replace(/^http/, "ws")}`;
