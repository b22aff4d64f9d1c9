/** Where a request goes first: the address in its URI, unless the way its dialog came is surer. */
import { isIP } from 'node:net'
import { isPrivate } from './local-address.ts'
import type { Hop } from './transport.ts'
import type { Uri } from './uri.ts'

/**
 * @param flow where the dialog's messages came from; an empty host when there is no dialog yet. A living connection of
 * it is kept to, a private address behind a public one is not believed, and a name is not looked up when the flow is
 * known: a caller's Contact is no reason to ask the network for a name.
 */
export function hopTo(uri: Uri, flow: Hop, isOpen: (connection: number | undefined) => boolean): Hop {
  if (uri.kind !== 'sip') return flow
  if (flow.transport === 'tcp' && isOpen(flow.connection)) return flow
  const said = uri.params.get('transport')?.toLowerCase()
  const transport = said === 'tcp' || said === 'udp' ? said : flow.transport
  const port = uri.port ?? 5_060
  if (flow.host === '') return { transport, host: uri.host, port }
  const isSure = isIP(uri.host) !== 0 && (!isPrivate(uri.host) || isPrivate(flow.host))
  return isSure ? { transport, host: uri.host, port } : { ...flow, connection: undefined }
}
