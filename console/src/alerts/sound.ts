import type { Alert } from "../store/prefs.ts";

/** Each kind is two short notes in hertz: told apart without looking, soft enough for eight hours. */
const NOTES: Record<Alert, [number, number]> = { waiting: [523, 659], message: [784, 784], given: [659, 880], whisper: [392, 523], due: [880, 659] };

let audio: AudioContext | undefined;

/** ring plays one alert. Before the first press on the page browsers keep it silent, and so do we. */
export function ring(kind: Alert): void {
  try {
    audio ??= new AudioContext();
    if (audio.state === "suspended") void audio.resume();
    const start = audio.currentTime + 0.02;
    NOTES[kind].forEach((pitch, i) => note(audio as AudioContext, pitch, start + i * 0.12));
  } catch {
    // No sound device: the badge and the list still tell.
  }
}

function note(ctx: AudioContext, pitch: number, at: number): void {
  const tone = ctx.createOscillator();
  const gain = ctx.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.12, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.22);
  tone.connect(gain).connect(ctx.destination);
  tone.start(at);
  tone.stop(at + 0.24);
}
