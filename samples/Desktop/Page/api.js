// Calls to the program. The token stands behind the # when the window opens, and is kept for this window alone.

const KEY = 'gau-token', HEADER = 'X-Gau-Token', WINDOW_HEADER = 'X-Gau-Window';
const WINDOW = crypto.randomUUID();   // of two windows neither takes the place of the other's calls

if (location.hash.length > 1) {
  sessionStorage.setItem(KEY, location.hash.slice(1));
  history.replaceState(null, '', location.pathname);
}

/** What a call failed of; `kind` says it for programs. */
export class Fault extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }

  /** Whether a later call has taken its place, which nobody needs to know. */
  get isReplaced() {
    return this.kind === 'replaced';
  }
}

export const get = path => call(path, {});

export const post = (path, body, signal) => call(path, asked(body, signal));

/** Sends a file. */
export const send = (path, file, signal) => call(path, {
  method: 'POST', body: file, headers: { 'X-Gau-Name': encodeURIComponent(file.name) }, signal,
});

/** Hears of jobs, a line of JSON each time, until the program ends. */
export const follow = (path, told) => read(path, {}, told);

/** Asks for work that tells how far it is, a line of JSON each time, until it ends. */
export const lines = (path, body, told, signal) => read(path, asked(body, signal), told);

async function read(path, options, told) {
  const response = await request(path, options);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read().catch(error => {
      throw unanswered(error);
    });
    if (done) return;
    const whole = (rest + value).split('\n');
    rest = whole.pop();
    whole.forEach(line => told(JSON.parse(line)));
  }
}

const asked = (body, signal) => ({
  method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, signal,
});

async function call(path, options) {
  const response = await request(path, options);
  return response.status === 204 ? null : response.json();
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, {
      ...options, cache: 'no-store', credentials: 'omit', redirect: 'error',
      headers: { ...options.headers, [HEADER]: sessionStorage.getItem(KEY) ?? '', [WINDOW_HEADER]: WINDOW },
    });
  } catch (error) {
    throw unanswered(error);
  }
  if (response.ok) return response;
  let fault = { kind: 'internal', error: response.statusText };
  try {
    fault = await response.json();
  } catch {
    // Not of the program's own making.
  }
  throw new Fault(response.status === 401 ? 'token' : fault.kind, fault.error);
}

const unanswered = error => new Fault(error.name === 'AbortError' ? 'replaced' : 'gone', '');
