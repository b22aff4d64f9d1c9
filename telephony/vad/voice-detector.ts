/**
 * The WebRTC voice detector: is this frame speech. One WebAssembly module a process, one small handle a call.
 *
 * It works at the telephone's own 8 kHz on 20 ms frames, on the caller's thread: a call costs it well under a
 * thousandth of a core. A handle that is not closed stays in the module's memory.
 */
import loadFvad from '@echogarden/fvad-wasm'
import { frameSamples } from '../rtp/g711.ts'

export type VoiceDetectors = Awaited<ReturnType<typeof loadVoiceDetectors>>
export type VoiceDetector = ReturnType<VoiceDetectors['open']>

/** 0 takes nearly everything for speech, 3 only what surely is. */
export type Strictness = 0 | 1 | 2 | 3

export async function loadVoiceDetectors() {
  const fvad = await loadFvad()
  const frameAt = fvad._malloc(frameSamples * Int16Array.BYTES_PER_ELEMENT)
  let open = 0

  return {
    /** @throws Error when the module has no memory left: thousands of handles were not closed. */
    open(strictness: Strictness = 2) {
      let handle = fvad._fvad_new()
      if (handle === 0) throw new Error('the voice detector has no memory left')
      fvad._fvad_set_sample_rate(handle, 8_000)
      fvad._fvad_set_mode(handle, strictness)
      open++

      return {
        /** @param samples 160, at 8 kHz. Always false once closed. */
        isVoice(samples: Int16Array): boolean {
          if (handle === 0 || samples.length !== frameSamples) return false
          fvad.HEAP16.set(samples, frameAt / Int16Array.BYTES_PER_ELEMENT)
          return fvad._fvad_process(handle, frameAt, frameSamples) === 1
        },

        close(): void {
          if (handle === 0) return
          fvad._fvad_free(handle)
          handle = 0
          open--
        },
      }
    },

    /** Handles not yet closed. */
    inUse: () => open,
  }
}
