// Recording a voice message: the bar stands in place of the composer's box while it lasts.
import { toast } from "../../ui/js/toast.js";
import { words } from "../../ui/js/words.js";
import { add } from "./files.js";

const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const LONGEST_S = 30 * 60;
let now = null; // {recorder, stream, pieces, began, meter, keep, send}

const bar = () => document.getElementById("recorder");

document.addEventListener("click", ({ target }) => {
  if (!now || !target.closest("#recorder")) return;
  if (target.closest("[data-discard]")) end({ keep: false });
  if (target.closest("[data-stop]")) end({ keep: true });
  if (target.closest("[data-finish]")) end({ keep: true, send: true });
});
document.addEventListener("keydown", (event) => {
  if (now && event.key === "Escape") end({ keep: false });
});
document.addEventListener("troth:opened", () => now && end({ keep: false }));

export async function record() {
  if (now) return;
  now = {};
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    begin(stream);
  } catch {
    now = null;
    toast(words("noMicrophone", {}, "inbox-words"), { error: true });
  }
}

function begin(stream) {
  const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32000 });
  now = { recorder, stream, pieces: [], began: Date.now() };
  recorder.addEventListener("dataavailable", ({ data }) => data.size && now?.pieces.push(data));
  recorder.addEventListener("stop", stopped);
  recorder.start(1000);
  now.meter = meter(stream);
  bar().hidden = false;
  document.getElementById("composer").toggleAttribute("data-recording", true);
  bar().querySelector("[data-stop]").focus();
}

function meter(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    const loudest = Math.max(...samples.map((sample) => Math.abs(sample - 128)));
    const passed = Math.floor((Date.now() - now.began) / 1000);
    bar().querySelector("[data-level]").style.setProperty("inline-size", `${Math.min(100, loudest)}%`);
    bar().querySelector("[data-time]").textContent = `${Math.floor(passed / 60)}:${String(passed % 60).padStart(2, "0")}`;
    if (passed >= LONGEST_S) end({ keep: true });
  }, 100);
  return () => {
    clearInterval(timer);
    context.close();
  };
}

function end({ keep, send = false }) {
  if (!now?.recorder || now.recorder.state === "inactive") return;
  Object.assign(now, { keep, send });
  now.recorder.stop();
}

function stopped() {
  const { recorder, stream, pieces, keep, send, meter: stopMeter } = now;
  now = null;
  stopMeter();
  for (const track of stream.getTracks()) track.stop();
  bar().hidden = true;
  document.getElementById("composer")?.removeAttribute("data-recording");
  document.getElementById("composer-text")?.focus({ preventScroll: true });
  if (!keep || !pieces.length) return;
  const [kind] = recorder.mimeType.split(";");
  add([new File(pieces, "", { type: kind })], "voice");
  if (send) document.getElementById("composer").requestSubmit();
}
