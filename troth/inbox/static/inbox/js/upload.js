// A file goes to the server in pieces. A piece that was lost is sent again.
import { words } from "../../ui/js/words.js";
import { post, token } from "../../ui/js/request.js";

const AGAIN_MS = [500, 1500, 4000, 10000];
export const lost = () => words("uploadFailed", {}, "inbox-words");

// This will upload an item's file for as long as its state is "uploading", and return what the server made of it. The item
// keeps its id and the request that is under way. Throws an Error whose words are for people.
export async function upload(item, progress) {
  await announce(item);
  const size = item.pieceBytes;
  let told = null;
  for (let piece = 0; piece * size < item.file.size && item.state === "uploading"; piece += 1) {
    told = await withAgain(item, () => sendPiece(item, piece, item.file.slice(piece * size, (piece + 1) * size), progress));
  }
  return told;
}

// This will tell the server that an upload is no longer wanted.
export function forget(item) {
  item.request?.abort();
  if (item.id) fetch(`${item.url}${item.id}/`, { method: "DELETE", headers: { "X-CSRFToken": token(), "HX-Request": "true" } }).catch(() => {});
}

export function sizeText(bytes) {
  const [unit, count] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  const style = { style: "unit", unit, maximumFractionDigits: count < 10 ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(count);
}

async function announce(item) {
  if (item.id) return;
  const { url, file, name, wish, purpose = "" } = item;
  const answer = await withAgain(item, () => post(url, { size: file.size, name, wish, purpose }));
  if (!answer.ok) throw new Error(await reason(answer));
  const { id, piece } = await answer.json();
  Object.assign(item, { id, pieceBytes: piece });
}

async function withAgain(item, act) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await act();
    } catch (problem) {
      if (item.state !== "uploading" || problem.final || tries >= AGAIN_MS.length) throw problem;
      await new Promise((later) => setTimeout(later, AGAIN_MS[tries]));
    }
  }
}

// By the older kind of request: the newer tells nothing of how far it is.
function sendPiece(item, piece, data, progress) {
  return new Promise((done, failed) => {
    const request = (item.request = new XMLHttpRequest());
    request.open("PUT", `${item.url}${item.id}/pieces/${piece}/`);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded }) => progress(Math.min(piece * item.pieceBytes + loaded, item.file.size));
    request.onload = () => {
      if (request.status < 300) return done(request.status === 200 ? request.response : null);
      const problem = new Error(request.response?.error ?? "");
      problem.final = request.status < 500 && request.status !== 429;
      failed(problem);
    };
    request.onerror = request.onabort = () => failed(new Error(lost()));
    request.send(data);
  });
}

async function reason(answer) {
  try {
    return (await answer.json()).error;
  } catch {
    return "";
  }
}
