/**
 * The native library that speaks WebRTC (node-datachannel), where the operator wants it and this machine can run it.
 *
 * It is optional: its binary comes as an optional package, and a machine without one serves agents over the server's
 * socket alone, which is said once at the start.
 */
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type * as library from 'node-datachannel'
import type { PhoneSettings } from '../settings.ts'

export type WebrtcLibrary = typeof library
export type WebrtcPlace = { host: string; port: number; publicIp?: string }
/** What stands in the way, if anything does. `told`: one line for the operator. */
export type Webrtc = { library: WebrtcLibrary; place: WebrtcPlace } | { library?: undefined; told?: string }

type Settings = Pick<PhoneSettings, 'WEBRTC' | 'WEBRTC_HOST' | 'WEBRTC_PORT' | 'WEBRTC_PUBLIC_IP' | 'SIP_HOST'>
type Load = () => Promise<WebrtcLibrary>

const throughServer = '坐席的通话声音改由服务器传送，其余照常'

export async function webrtc(settings: Settings, load: Load = () => import('node-datachannel')): Promise<Webrtc> {
  if (settings.WEBRTC === 'off') return {}
  const place = {
    host: settings.WEBRTC_HOST ?? settings.SIP_HOST,
    port: settings.WEBRTC_PORT,
    publicIp: settings.WEBRTC_PUBLIC_IP,
  }
  let library: WebrtcLibrary
  try {
    library = await load()
  } catch {
    return { told: `这台机器上没有 WebRTC 的程序库，${throughServer} [webrtc_unavailable]` }
  }
  const why = place.port === 0 ? undefined : await whyNot(place)
  if (why === undefined) return { library, place }
  const told =
    why === 'EADDRINUSE'
      ? `WebRTC 端口 ${place.port} 已被占用，${throughServer}；请用 WEBRTC_PORT= 换一个 [webrtc_port_taken]`
      : `WebRTC 端口 ${place.port} 用不了（${why}），${throughServer}；请检查 WEBRTC_HOST= 与 WEBRTC_PORT= [webrtc_port_unusable]`
  return { told }
}

/** The library binds the port when the first console comes; whether it could is known only by trying. */
function whyNot({ host, port }: WebrtcPlace): Promise<string | undefined> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  return new Promise((resolve) => {
    socket.once('error', (error) => {
      resolve('code' in error ? String(error.code) : error.message)
      socket.close()
    })
    socket.bind(port, host, () => socket.close(() => resolve(undefined)))
  })
}
