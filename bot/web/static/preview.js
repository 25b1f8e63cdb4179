// A small picture of a chosen file, drawn by the browser from the device's own copy.

const LONGEST_SIDE = 320; // pixels

/** A canvas that shows the file as soon as the browser has read it; empty if it cannot. */
export function preview(file) {
  const canvas = document.createElement("canvas");
  canvas.className = "preview";
  canvas.width = canvas.height = 0;
  if (!file.type.startsWith("image/") || !globalThis.createImageBitmap) return canvas;
  createImageBitmap(file).then((picture) => {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
  }, () => {}); // a kind this browser cannot show, as HEIC often is
  return canvas;
}
