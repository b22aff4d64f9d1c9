/** Where this browser keeps things: localStorage where it is allowed (a frame of another site may not), else memory. */
import type { Shelf } from './kept.ts'

export function openShelf(): Shelf {
  try {
    localStorage.setItem('budayang:probe', '1')
    localStorage.removeItem('budayang:probe')
    return localStorage
  } catch {
    const held = new Map<string, string>()
    return {
      getItem: (key) => held.get(key) ?? null,
      setItem: (key, value) => void held.set(key, value),
      removeItem: (key) => void held.delete(key),
    }
  }
}
