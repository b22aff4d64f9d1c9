/**
 * The process that decodes one picture of a stranger's and ends: a picture in by standard input, the same picture drawn
 * anew and a small one out by standard output, behind one line of JSON. Whatever the picture does to it, nothing else
 * suffers. What is drawn holds the pixels, the way up that was meant, and nothing else of the file.
 */
import sharp from 'sharp'

export const mostPixels = 64_000_000
const longestSide = 4_096
const smallSide = 480
/** A photograph that came as PNG is smaller as JPEG. */
const mostPngBytes = 4 * 1_024 * 1_024

export type Drawn =
  | { type: 'image/jpeg' | 'image/png'; width: number; height: number; bytes: number; smallBytes: number }
  | { fault: 'broken' | 'too-many-pixels' }

const white = { background: '#ffffff' }
const inside = (side: number) => ({ width: side, height: side, fit: 'inside', withoutEnlargement: true }) as const

sharp.cache(false)
sharp.concurrency(1)

async function draw(file: Buffer): Promise<readonly Buffer[]> {
  const { width, height, format } = await sharp(file).metadata()
  if (format !== 'jpeg' && format !== 'png') return [told({ fault: 'broken' })]
  if (width * height > mostPixels) return [told({ fault: 'too-many-pixels' })]
  const picture = () =>
    sharp(file, { limitInputPixels: mostPixels, failOn: 'error', pages: 1 }).autoOrient().resize(inside(longestSide))
  const asPng = format === 'png' ? await picture().png().toBuffer({ resolveWithObject: true }) : undefined
  const isPng = asPng !== undefined && asPng.data.length <= mostPngBytes
  const { data, info } = isPng
    ? asPng
    : await picture().flatten(white).jpeg({ quality: 85 }).toBuffer({ resolveWithObject: true })
  const small = await sharp(data).resize(inside(smallSide)).flatten(white).jpeg({ quality: 75 }).toBuffer()
  const type = isPng ? 'image/png' : 'image/jpeg'
  const sizes = { width: info.width, height: info.height, bytes: data.length, smallBytes: small.length }
  return [told({ type, ...sizes }), data, small]
}

const told = (drawn: Drawn) => Buffer.from(`${JSON.stringify(drawn)}\n`)

async function given(): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) if (Buffer.isBuffer(part)) parts.push(part)
  return Buffer.concat(parts)
}

const faultOf = (error: unknown) =>
  error instanceof Error && error.message.includes('pixel limit') ? 'too-many-pixels' : 'broken'
const parts = await draw(await given()).catch((error: unknown) => [told({ fault: faultOf(error) })])
process.stdout.write(Buffer.concat(parts))
