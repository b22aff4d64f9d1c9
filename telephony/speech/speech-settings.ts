/**
 * What of speech is set by the operator. Read once; a bad value is a line in Chinese that names the variable, a
 * missing one is no fault: fewer engines are there, and engines.ts says what still works.
 *
 * Invariant: the key is in `azure.key` and nowhere else.
 */
import { z } from 'zod'
import { faultyFields } from '../../contract/parse.ts'

const host = z.url({ protocol: /^(wss?|https?)$/, error: '应为 wss://主机' }).optional()
const listOf = <const T extends readonly [string, ...string[]]>(names: T, byDefault: string) =>
  z
    .string()
    .default(byDefault)
    .transform((list) =>
      list
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.enum(names, `只能是 ${names.join('、')}，用逗号分开，依次使用`)))

const environment = z.object({
  ASR_ENGINES: listOf(['azure', 'pocketsphinx', 'none'], 'azure,pocketsphinx'),
  TTS_ENGINES: listOf(['azure', 'espeak', 'none'], 'azure,espeak'),
  TTS_RATE: z.coerce.number('应为数字').min(0.5, '应在 0.5 到 2 之间').max(2, '应在 0.5 到 2 之间').default(1),
  AZURE_SPEECH_KEY: z.string().trim().min(1).optional(),
  AZURE_SPEECH_REGION: z
    .string()
    .regex(/^[a-z0-9]{3,40}$/, '应为区域代号，如 chinaeast2')
    .optional(),
  AZURE_SPEECH_STT_HOST: host,
  AZURE_SPEECH_TTS_HOST: host,
  AZURE_SPEECH_VOICE: z
    .string()
    .regex(/^[A-Za-z]{2,3}-[\w:-]{2,60}$/, '应为声音名称，如 zh-CN-XiaoxiaoNeural')
    .optional(),
  ASR_HMM_DIR: z.string().optional(),
  ASR_DECODERS: z.coerce.number('应为整数').int('应为整数').min(1, '至少 1').max(64, '最多 64').default(4),
  SPEECH_CACHE_MB: z.coerce.number('应为整数').int('应为整数').min(1, '至少 1').max(100_000, '太大').default(200),
})

export type SpeechSettings = Readonly<z.output<typeof environment>>

/** @returns the settings, or every line to print before the process ends. */
export function readSpeechSettings(env: NodeJS.ProcessEnv): { settings: SpeechSettings } | { refused: string[] } {
  // ".env" lines such as "AZURE_SPEECH_KEY=" set a variable to nothing, which means that it is not set.
  const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value || undefined]))
  const parsed = environment.safeParse(given)
  return parsed.success
    ? { settings: Object.freeze(parsed.data) }
    : { refused: faultyFields(parsed.error).map(({ path, message }) => `配置 ${path} 有误：${message}`) }
}
