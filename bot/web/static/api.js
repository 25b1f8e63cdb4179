// The chat API: one function a request. A refusal is a Refused, anything else a network failure.

import { locale } from "./settings.js";
import { upload } from "./upload.js";

const BASE = "/api/v1/chat";
const PATIENCE = 45_000; // milliseconds

/** The server answered, and said no. */
export class Refused extends Error {
  constructor(status, { error = "", code = "", retry_after: wait = null }) {
    super(error);
    this.status = status;
    this.code = code;
    this.wait = wait; // seconds, when it is worth trying again
  }

  /** Whether the same request may succeed later. */
  get isPassing() {
    return this.status === 429 || this.status >= 500;
  }
}

async function read(response) {
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, data);
  return data;
}

export async function postMessage({ id, text, button, label }, after) {
  const response = await fetch(`${BASE}/messages`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ id, text, button, label, locale, after }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  return read(response);
}

/** `onProgress(percent)` hears how much of the file is sent. */
export async function postFile({ id, file }, after, onProgress) {
  const headers = {
    "Content-Type": "application/octet-stream",
    "X-Message-Id": id,
    "X-File-Name": encodeURIComponent(file.name),
    "X-After": String(after),
    "X-Locale": locale,
  };
  const { status, data } = await upload(`${BASE}/files`, headers, file, onProgress, PATIENCE * 4).answer;
  if (status !== 200) throw new Refused(status, data);
  return data;
}

/** Says that something is being typed; whether anybody looks. */
export async function postTyping() {
  return (await read(await fetch(`${BASE}/typing`, { method: "POST" }))).watched;
}

export async function getTranscript(after) {
  return read(await fetch(`${BASE}/transcript?after=${after}`, { cache: "no-store" }));
}

export const eventsAddress = (after, owner) => `${BASE}/events?after=${after}&owner=${owner}`;
