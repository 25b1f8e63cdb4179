// Requests to the desk that a script makes: JSON both ways, with the proof that our page asks.

export const token = () => document.querySelector('meta[name="csrf"]').content;

/** A refusal: `message` is a sentence for people, `code` and `status` say which. */
export class Refused extends Error {
  constructor(status, code, sentence) {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

/** The answer to `method path`; `body` is sent as JSON, or as it is if it is form data. */
export async function ask(method, path, body) {
  const headers = { Accept: "application/json", "X-CSRF-Token": token() };
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method,
    headers,
    body: body === undefined || isForm ? body : JSON.stringify(body),
  });
  const type = response.headers.get("content-type") ?? "";
  const answer = type.startsWith("application/json") ? await response.json() : await response.text();
  if (response.status === 401) {
    location.assign(`/desk/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!response.ok) throw new Refused(response.status, answer.code ?? "", answer.error ?? "");
  return answer;
}

export const post = (path, body = {}) => ask("POST", path, body);
