// A file on its way to the server, with how much of it is sent: fetch does not tell.

/**
 * `answer` is a promise of {status, data}, rejected when the network failed; `abort()` ends it.
 * `onProgress(percent)` hears how far it is.
 */
export function upload(address, headers, file, onProgress, patience = 180_000) {
  const request = new XMLHttpRequest();
  const answer = new Promise((resolve, reject) => {
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.timeout = patience; // milliseconds
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(Math.round((100 * event.loaded) / event.total));
    });
    request.addEventListener("load", () => resolve({ status: request.status, data: request.response ?? {} }));
    for (const end of ["error", "timeout", "abort"]) {
      request.addEventListener(end, () => reject(new Error(end)));
    }
    request.send(file);
  });
  return { answer, abort: () => request.abort() };
}
