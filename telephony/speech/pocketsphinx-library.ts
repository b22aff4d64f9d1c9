/**
 * Debian's libpocketsphinx, called through koffi. Loaded in the child alone: a crash of native code ends that
 * process and not the calls.
 *
 * Invariant: one utterance at a time on a decoder; a decoder is used by one thread at a time.
 */
import koffi from 'koffi'

type Native = (...args: unknown[]) => unknown
type Asynchronous = { async: (...args: unknown[]) => void }

/** @throws when the libraries are not installed */
export function pocketsphinxLibrary() {
  const base = koffi.load('libsphinxbase.so.3')
  const library = koffi.load('libpocketsphinx.so.3')
  const parseOptions: Native = base.func(
    'void *cmd_ln_parse_r(void *c, void *defn, int argc, const char **argv, int strict)',
  )
  const optionNames: Native = library.func('void *ps_args()')
  const init: Native = library.func('void *ps_init(void *c)')
  const free: Native = library.func('int ps_free(void *d)')
  const startStream: Native = library.func('int ps_start_stream(void *d)')
  const startUtterance: Native = library.func('int ps_start_utt(void *d)')
  const setGrammar: Native = library.func('int ps_set_jsgf_string(void *d, const char *name, const char *jsgf)')
  const setSearch: Native = library.func('int ps_set_search(void *d, const char *name)')
  const hypothesis: Native = library.func('const char *ps_get_hyp(void *d, _Out_ int32_t *score)')
  const process = library.func(
    'int ps_process_raw(void *d, const int16_t *x, size_t n, int nosearch, int full)',
  ) as Asynchronous
  const endUtterance = library.func('int ps_end_utt(void *d)') as Asynchronous

  /** @throws when the model or the dictionary cannot be loaded */
  function decoder(options: Readonly<Record<string, string | number>>) {
    const argv = Object.entries({ logfn: '/dev/null', ...options }).flatMap(([name, value]) => [
      `-${name}`,
      String(value),
    ])
    const parsed = parseOptions(null, optionNames(), argv.length, argv, 0)
    if (!parsed) throw new Error('options were refused')
    const handle = init(parsed)
    if (!handle) throw new Error('the model could not be loaded')

    return {
      /** @throws when the grammar is no JSGF, or has a word without a pronunciation */
      useGrammar(jsgf: string): void {
        if (setGrammar(handle, 'choices', jsgf) !== 0 || setSearch(handle, 'choices') !== 0)
          throw new Error('the grammar was refused')
      },
      /** A whole utterance on a thread of the pool. @returns the words, blank-separated; empty when none fits. */
      async decode(samples: Int16Array): Promise<string> {
        startStream(handle)
        startUtterance(handle)
        await onThread(process, handle, samples, samples.length, 0, 1)
        await onThread(endUtterance, handle)
        const words = hypothesis(handle, [0])
        return typeof words === 'string' ? words.replace(/\(\d+\)/g, '') : ''
      },
      free: () => void free(handle),
    }
  }

  return { decoder }
}
export type Decoder = ReturnType<ReturnType<typeof pocketsphinxLibrary>['decoder']>

function onThread(call: Asynchronous, ...args: unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error: Error | null) => (error ? reject(error) : resolve()))
  })
}
