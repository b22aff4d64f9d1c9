/**
 * A short sound for what an agent must answer at once, also from another window. Two soft notes made here: no file, no
 * voice. On until somebody turns it off on this machine. A browser that has not been clicked yet keeps it silent; the
 * screen says the same in words.
 */
import { ref } from 'vue'

const notes = [
  { hertz: 660, from: 0 },
  { hertz: 880, from: 0.18 },
] as const
const noteSeconds = 0.32
const loudest = 0.12
/** Apart from what signing out clears: loudspeakers belong to the machine. */
const key = 'budayang.sound'

let context: AudioContext | undefined

export const isSoundOn = ref(localStorage.getItem(key) !== 'off')

export function setSound(on: boolean): void {
  isSoundOn.value = on
  if (on) localStorage.removeItem(key)
  else localStorage.setItem(key, 'off')
}

export function chime(): void {
  if (!isSoundOn.value) return
  context ??= new AudioContext()
  const { currentTime, destination } = context
  void context.resume().catch(() => {}) // not allowed yet: the words are there
  for (const { hertz, from } of notes) {
    const tone = context.createOscillator()
    const loudness = context.createGain()
    tone.frequency.value = hertz
    loudness.gain.setValueAtTime(loudest, currentTime + from)
    loudness.gain.exponentialRampToValueAtTime(0.001, currentTime + from + noteSeconds)
    tone.connect(loudness).connect(destination)
    tone.start(currentTime + from)
    tone.stop(currentTime + from + noteSeconds)
  }
}
