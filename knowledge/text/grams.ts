/**
 * The units in which Chinese text is compared: single characters and neighbouring pairs. Words are not used:
 * segmentation loses more than it gains on short and misheard questions.
 */

/** Single units of a normalised text; a run of latin letters or digits ("12393", "3.5") is one unit. */
export function units(normalised: string): string[] {
  return normalised.match(/[a-z0-9.]+|[^\s]/gu) ?? []
}

/** Every unit, then every neighbouring pair, repeats included. */
export function grams(normalised: string): string[] {
  const single = units(normalised)
  const all = single.slice()
  for (let i = 0; i + 1 < single.length; i++) all.push(`${single[i]}${single[i + 1]}`)
  return all
}
