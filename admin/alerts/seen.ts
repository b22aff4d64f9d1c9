/** The page of alerts tells the bell that some were seen: the two know nothing else of each other. */
const listeners = new Set<() => void>()

/** @returns takes it back. */
export function whenAlertsSeen(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const alertsSeen = () => listeners.forEach((listener) => listener())
