/** The panel's side of the frame it lives in; without a frame the panel is a page of its own, always shown. */
import { hello, type ToLauncher, type ToPanel } from './frame-messages.ts'

export function hostFrame(onShown: (message: ToPanel) => void) {
  const isFramed = window.parent !== window
  const unsent: ToLauncher[] = []
  let port: MessagePort | undefined

  addEventListener('message', (message: MessageEvent<unknown>) => {
    const [offered] = message.ports
    // Only the page that frames us, and only once: afterwards nobody but the launcher can speak to us.
    if (port || !offered || message.source !== window.parent || message.data !== hello) return
    port = offered
    port.onmessage = ({ data }: MessageEvent<ToPanel>) => onShown(data)
    for (const waiting of unsent.splice(0)) port.postMessage(waiting)
  })

  return {
    isFramed,
    tell(message: ToLauncher) {
      if (!isFramed) return
      if (port) port.postMessage(message)
      else unsent.push(message)
    },
  }
}
