/** Programs that read strangers' bytes: within bounds, whatever they do, and harmless where they are missing. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { runCapped, type Run } from '../../server/media/capped-program.ts'
import { alawRate, alawWav, sounds } from '../../server/media/sounds.ts'
import { readWav } from '../../telephony/speech/wav.ts'

const noFfmpeg = spawnSync('ffmpeg', ['-version']).status !== 0

describe('a program', () => {
  const run = (command: Run['command'], given: Partial<Run> = {}) =>
    runCapped({
      command,
      input: Buffer.from('hello'),
      mostKib: 4_194_304,
      withinMs: 20_000,
      mostOutBytes: 100,
      ...given,
    })

  it('is given the bytes, and its words as words', async () => {
    expect(await run(['cat'])).toEqual({ out: Buffer.from('hello') })
    const words = ['$(id)', '; id', '*', '']
    expect(await run(['printf', '%s|', ...words])).toEqual({ out: Buffer.from('$(id)|; id|*||') })
  })

  it.each<[string, Run['command'], Partial<Run>, string]>([
    ['is not there', ['no-such-program'], {}, 'absent'],
    ['takes too long', ['sleep', '60'], { withinMs: 100 }, 'late'],
    ['says too much', ['head', '-c', '5000', '/dev/zero'], {}, 'too-long'],
    ['fails', ['false'], {}, 'died'],
    ['ends before it has read all', ['false'], { input: Buffer.alloc(5_000_000) }, 'died'],
    ['takes too much memory', ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1G', 'count=1'], { mostKib: 400_000 }, 'died'],
  ])('that %s is told apart from one that did its work', async (_what, command, given, failed) => {
    expect(await run(command, given)).toEqual({ failed })
  })
})

describe('a voice', () => {
  /** A second of AMR at 12.2 kbit/s: 50 frames of any bits are some sound. */
  const voice = (frames: number) => {
    const frame = Buffer.from([0x3c, ...Array.from({ length: 31 }, (_, at) => (at * 91) & 255)])
    return Buffer.concat([Buffer.from('#!AMR\n'), ...Array.from({ length: frames }, () => frame)])
  }

  it('stays as it is where there is no ffmpeg', async () => {
    expect(await sounds({ ffmpeg: '/no/such/ffmpeg' }).alawOf(voice(50))).toBeUndefined()
  })

  it.skipIf(noFfmpeg)(
    'is decoded to the telephone’s sound, a minute of it at most; what is none stays out',
    async () => {
      const heard = sounds({ ffmpeg: 'ffmpeg' })
      expect((await heard.alawOf(voice(50)))?.length).toBe(alawRate)
      expect((await heard.alawOf(voice(3_500)))?.length).toBe(60 * alawRate)
      expect(await heard.alawOf(Buffer.from('#!AMR\n#EXTM3U\nfile:///etc/passwd\n'))).toBeUndefined()
    },
  )

  it('is kept as a file that is read as what was said', () => {
    const alaw = Buffer.from([0xd5, 0x55, 0x2a, 0xaa])
    const sound = readWav(alawWav(alaw))
    expect([sound?.rate, ...(sound?.samples ?? [])]).toEqual([alawRate, 8, -8, -32_256, 32_256])
  })
})
