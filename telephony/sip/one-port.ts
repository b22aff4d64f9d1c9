/** UDP and TCP on the same number, so that one address says where we are. */
type Listens = { listen(host: string, port: number): Promise<number>; close(): Promise<void> }

/**
 * @param place port 0 lets the kernel choose, which takes a few tries until a number is free for both
 * @throws the listener's own error when the port is taken; then neither listens
 */
export async function onePort(
  { udp, tcp }: { udp: Listens; tcp: Pick<Listens, 'listen'> },
  place: { host: string; port: number },
  tries = 10,
): Promise<{ udp: number; tcp: number }> {
  const port = await udp.listen(place.host, place.port)
  try {
    return { udp: port, tcp: await tcp.listen(place.host, port) }
  } catch (error) {
    await udp.close()
    if (place.port !== 0 || tries <= 1) throw error
    return onePort({ udp, tcp }, place, tries - 1)
  }
}
