/**
 * The sound of a call straight between the browser and the phone. The browser takes the microphone, evens out what
 * comes and plays it in a media element, which is where its echo cancellation listens.
 */
import { noStats, type AudioPath, type PathStats } from './audio-path.ts'
import { lineRate } from './g711.ts'

const lookEveryMs = 200
/** So much made up by the browser is one hole: as much as the other way waits for before it plays on. */
const holeSamples = 0.06 * lineRate

type Heard = PathStats & { energy: number; seconds: number; loudness: number }
const nothing: Heard = { ...noStats, energy: 0, seconds: 0, loudness: 0 }

export function webrtcPath(peer: RTCPeerConnection, speaker: HTMLMediaElement): AudioPath {
  let begun: PathStats | undefined
  let now = nothing
  const looking = setInterval(look, lookEveryMs)
  speaker.muted = false

  function look(): void {
    peer.getStats().then(
      (report) => {
        now = heardIn(report, now)
        begun ??= now
      },
      () => {}, // a connection that closes just now has nothing to tell
    )
  }

  return {
    way: 'direct',
    send: () => {},
    hold: (on) => void (speaker.muted = on),
    loudness: () => now.loudness,
    stats: () => since(begun ?? now, now),
    close() {
      clearInterval(looking)
      speaker.muted = true
    },
  }
}

function heardIn(report: RTCStatsReport, before: Heard): Heard {
  const now = { ...before }
  report.forEach((stats: RTCInboundRtpStreamStats | RTCOutboundRtpStreamStats) => {
    if (stats.type === 'outbound-rtp' && 'packetsSent' in stats) now.sent = stats.packetsSent ?? 0
    if (stats.type !== 'inbound-rtp' || !('jitter' in stats)) return
    now.received = stats.packetsReceived ?? 0
    now.ranDry = Math.floor(((stats.concealedSamples ?? 0) - (stats.silentConcealedSamples ?? 0)) / holeSamples)
    now.energy = stats.totalAudioEnergy ?? 0
    now.seconds = stats.totalSamplesDuration ?? 0
  })
  const seconds = now.seconds - before.seconds
  if (seconds > 0) now.loudness = Math.sqrt(Math.max(0, now.energy - before.energy) / seconds)
  return now
}

const since = (before: PathStats, now: PathStats): PathStats => ({
  sent: now.sent - before.sent,
  dropped: 0, // the browser drops by itself what is late, and does not say so
  received: now.received - before.received,
  ranDry: now.ranDry - before.ranDry,
})
