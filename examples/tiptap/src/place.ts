/** The name of the document that the page's address names, as in …/d/meeting-notes. Without one, a new document begins. */
export function documentName(): string {
  const [, name = ''] = location.pathname.split('/d/');
  if (name !== '') return decoded(name);
  const fresh = `page-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`;
  history.replaceState(null, '', `${import.meta.env.BASE_URL}d/${fresh}`);
  return fresh;
}

/** Where the engine that served this page speaks with providers. */
export function engineAddress(): string {
  return location.origin.replace(/^http/, 'ws');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
